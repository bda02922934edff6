/// Values as they are shown: the bytes of the wire, bounded.
enum WireText {
    static let bytesMax = 256

    /// At most 256 bytes of UTF-8; what is cut off is replaced by `…`.
    static func shown(_ bytes: UnsafeRawBufferPointer) -> String {
        let whole = String(decoding: bytes.prefix(bytesMax + 4), as: UTF8.self)
        return bytes.count <= bytesMax && whole.utf8.count <= bytesMax ? whole : cut(whole)
    }

    static func shown(_ text: String) -> String { text.utf8.count <= bytesMax ? text : cut(text) }

    /// Two values that differ. Where they begin alike for long, both are shown from shortly before the first difference, after `…`: else
    /// the part that differs could be cut off, and two equal texts would stand side by side.
    static func shown(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> (String, String) {
        var alike = 0
        let shorter = min(one.count, other.count)
        while alike < shorter, one[alike] == other[alike] { alike += 1 }
        guard alike > alikeMax, one.count > alike || other.count > alike else { return (shown(one), shown(other)) }
        var start = alike - contextBytes
        while start > 0, one[start] & 0xC0 == 0x80 { start -= 1 }
        return ("…" + shown(from(one, start)), "…" + shown(from(other, start)))
    }

    /// Bytes that two values may have in common before both are shown from near their difference.
    private static let alikeMax = 48
    private static let contextBytes = 16

    private static func from(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[min(start, bytes.count)...])
    }

    private static func cut(_ text: String) -> String {
        var kept = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > bytesMax - 3 { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }
}
