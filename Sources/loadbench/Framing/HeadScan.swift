/// Where a message's head ends, and the three headers that framing needs.
struct HeadScan {
    /// Bytes of the first line, without its end.
    let lineEnd: Int
    /// Bytes of the head with the empty line.
    let end: Int
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var closes = false

    /// Nil while the head is not whole.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var lineStart = 0
        var firstEnd: Int?
        var place = 0
        var end: Int?
        while place + 1 < bytes.count {
            guard bytes[place] == 0x0d, bytes[place + 1] == 0x0a else {
                place += 1
                continue
            }
            if place == lineStart, firstEnd != nil {
                end = place + 2
                break
            }
            if firstEnd == nil { firstEnd = place }
            place += 2
            lineStart = place
        }
        guard let end, let firstEnd else { return nil }
        self.end = end
        lineEnd = firstEnd
        readFields(UnsafeRawBufferPointer(rebasing: bytes[(firstEnd + 2)..<(end - 2)]))
    }

    private mutating func readFields(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count {
            var lineEnd = start
            while lineEnd < bytes.count, bytes[lineEnd] != 0x0d { lineEnd += 1 }
            readField(UnsafeRawBufferPointer(rebasing: bytes[start..<lineEnd]))
            start = lineEnd + 2
        }
    }

    private mutating func readField(_ line: UnsafeRawBufferPointer) {
        // The length of the name tells almost every other header apart.
        if let value = Self.value(of: "content-length", in: line) {
            contentLength = Self.number(value)
        } else if Self.value(of: "transfer-encoding", in: line) != nil {
            isChunked = true
        } else if let value = Self.value(of: "connection", in: line) {
            closes = value.count == 5 && Self.equal(value, "close")
        }
    }

    private static func value(of name: StaticString, in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let length = name.utf8CodeUnitCount
        guard line.count > length, line[length] == UInt8(ascii: ":"),
            equal(UnsafeRawBufferPointer(rebasing: line[..<length]), name)
        else { return nil }
        var start = length + 1
        var end = line.count
        while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
        while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: line[start..<end])
    }

    /// `lower` is in lower case.
    private static func equal(_ bytes: UnsafeRawBufferPointer, _ lower: StaticString) -> Bool {
        guard bytes.count == lower.utf8CodeUnitCount else { return false }
        let other = UnsafeRawBufferPointer(start: lower.utf8Start, count: bytes.count)
        for place in 0..<bytes.count {
            var byte = bytes[place]
            if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { byte |= 0x20 }
            if byte != other[place] { return false }
        }
        return true
    }

    /// Digits only, at most 18 of them.
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard (1...18).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
