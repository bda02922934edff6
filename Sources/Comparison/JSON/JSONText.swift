/// The text between the quotes of a JSON string that the scanner has accepted, decoded as it is read.
///
/// Decoded, a string is UTF-8; an unpaired surrogate (`"\ud800"`, which RFC 8259 lets pass) stands as the three bytes that UTF-8 would
/// give it, so that two different ones stay different.
struct JSONText {
    let bytes: UnsafeRawBufferPointer
    var at = 0
    /// Bytes of a decoded escape that are still to be given out, lowest first.
    private var pending: UInt32 = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next decoded byte; nil at the end.
    mutating func next() -> UInt8? {
        if pending != 0 {
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            return byte
        }
        guard at < bytes.count else { return nil }
        let byte = bytes[at]
        at += 1
        guard byte == UInt8(ascii: "\\"), at < bytes.count else { return byte }
        let escape = bytes[at]
        at += 1
        switch escape {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "u"): return scalar()
        default: return escape
        }
    }

    private mutating func scalar() -> UInt8 {
        var value = unit()
        if value >= 0xD800, value < 0xDC00, at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        {
            let before = at
            at += 2
            let low = unit()
            if low >= 0xDC00, low < 0xE000 {
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            } else {
                at = before
            }
        }
        if value < 0x80 { return UInt8(value) }
        if value < 0x800 {
            pending = 0x80 | value & 0x3F
            return UInt8(0xC0 | value >> 6)
        }
        if value < 0x10000 {
            pending = (0x80 | (value >> 6) & 0x3F) | (0x80 | value & 0x3F) << 8
            return UInt8(0xE0 | value >> 12)
        }
        pending = (0x80 | (value >> 12) & 0x3F) | (0x80 | (value >> 6) & 0x3F) << 8 | (0x80 | value & 0x3F) << 16
        return UInt8(0xF0 | value >> 18)
    }

    /// Four hexadecimal digits, seen by the scanner.
    private mutating func unit() -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 where at < bytes.count {
            let digit = UInt32(bytes[at])
            value = value << 4 | (digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57)
            at += 1
        }
        return value
    }

    static func decoded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text = JSONText(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        while let byte = text.next() { result.append(byte) }
        return result
    }

    /// -1, 0 or 1 by the decoded bytes.
    static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        var leftText = JSONText(left)
        var rightText = JSONText(right)
        while true {
            let leftByte = leftText.next()
            let rightByte = rightText.next()
            guard let leftByte else { return rightByte == nil ? 0 : -1 }
            guard let rightByte else { return 1 }
            if leftByte != rightByte { return leftByte < rightByte ? -1 : 1 }
        }
    }

    /// Appends one code point (an unpaired surrogate too) as the bytes that `next` would give.
    static func append(_ codePoint: UInt32, to bytes: inout [UInt8]) {
        switch codePoint {
        case ..<0x80:
            bytes.append(UInt8(codePoint))
        case ..<0x800:
            bytes += [UInt8(0xC0 | codePoint >> 6), UInt8(0x80 | codePoint & 0x3F)]
        case ..<0x10000:
            bytes += [UInt8(0xE0 | codePoint >> 12), UInt8(0x80 | (codePoint >> 6) & 0x3F), UInt8(0x80 | codePoint & 0x3F)]
        default:
            bytes += [
                UInt8(0xF0 | (codePoint >> 18) & 7), UInt8(0x80 | (codePoint >> 12) & 0x3F),
                UInt8(0x80 | (codePoint >> 6) & 0x3F),
                UInt8(0x80 | codePoint & 0x3F),
            ]
        }
    }
}
