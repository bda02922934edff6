/// A day of the proleptic Gregorian calendar, counted from 1970-01-01, in the years 1 … 9999.
struct DayNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    static let first = DayNumber(-719_162)
    static let last = DayNumber(2_932_896)

    let days: Int

    private init(_ days: Int) { self.days = days }

    /// Nil for anything but `yyyy-MM-dd` of a day that exists.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), year >= 1, (1...12).contains(month),
            day >= 1
        else { return nil }
        // Years begin in March, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        self.init(days)
        guard description == text else { return nil }
    }

    /// Nil beyond the years 1 … 9999.
    func advanced(by count: Int128) -> DayNumber? {
        let (sum, overflow) = Int128(days).addingReportingOverflow(count)
        guard !overflow, sum >= Int128(Self.first.days), sum <= Int128(Self.last.days) else { return nil }
        return DayNumber(Int(sum))
    }

    static func < (left: DayNumber, right: DayNumber) -> Bool { left.days < right.days }

    /// `yyyy-MM-dd`
    var description: String {
        let shifted = days + 719_468
        let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        var text = [UInt8](repeating: UInt8(ascii: "-"), count: 10)
        func write(_ value: Int, at end: Int, digits: Int) {
            var value = value
            for place in 0..<digits {
                text[end - place] = UInt8(ascii: "0") + UInt8(value % 10)
                value /= 10
            }
        }
        write(year, at: 3, digits: 4)
        write(month, at: 6, digits: 2)
        write(day, at: 9, digits: 2)
        return String(decoding: text, as: UTF8.self)
    }
}
