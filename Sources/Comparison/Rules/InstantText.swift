/// An instant read from RFC 3339 text: `2026-03-02T00:30:00.250+09:00`.
struct InstantText: Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    let seconds: Int
    /// Fraction of the second in units of 10⁻¹⁸ s.
    let attoseconds: Int

    /// Nil for anything but a full date, time and offset, for dates that don't exist, and for fractions of more than 18 digits.
    init?(_ text: [UInt8]) {
        var at = 0
        func number(_ count: Int) -> Int? {
            guard at + count <= text.count else { return nil }
            var value = 0
            for byte in text[at..<at + count] {
                guard byte &- 0x30 < 10 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            at += count
            return value
        }
        func take(_ allowed: UInt8...) -> Bool {
            guard at < text.count, allowed.contains(text[at]) else { return false }
            at += 1
            return true
        }
        guard let year = number(4), take(UInt8(ascii: "-")), let month = number(2), take(UInt8(ascii: "-")), let day = number(2),
            take(UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")),
            let hour = number(2), take(UInt8(ascii: ":")), let minute = number(2), take(UInt8(ascii: ":")),
            let second = number(2),
            (1...12).contains(month), (1...Self.days(year, month)).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var attoseconds = 0
        if take(UInt8(ascii: ".")) {
            let start = at
            var unit = 100_000_000_000_000_000
            while let digit = number(1) {
                guard unit > 0 else { return nil }
                attoseconds += digit * unit
                unit /= 10
            }
            guard at > start else { return nil }
        }
        var offset = 0
        if !take(UInt8(ascii: "Z"), UInt8(ascii: "z")) {
            let isWest = at < text.count && text[at] == UInt8(ascii: "-")
            guard take(UInt8(ascii: "+"), UInt8(ascii: "-")), let hours = number(2), take(UInt8(ascii: ":")),
                let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        }
        guard at == text.count else { return nil }
        self.seconds = Self.daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.attoseconds = attoseconds
    }

    /// Whether the two are at most so far apart, the bound included.
    func isWithin(milliseconds: Int, of other: InstantText) -> Bool {
        let (whole, rest) = (Int128(seconds) - Int128(other.seconds), Int128(attoseconds) - Int128(other.attoseconds))
        let apart = (whole * 1_000_000_000_000_000_000 + rest).magnitude
        return apart <= UInt128(max(0, milliseconds)) * 1_000_000_000_000_000
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// In the proleptic Gregorian calendar, counted in years that begin in March, so that the leap day comes last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
