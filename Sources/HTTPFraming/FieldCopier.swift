import NIOCore

/// Copies header lines from one head into another, in runs as long as nothing is left out.
enum FieldCopier {
    /// What one header line is to the writer.
    enum Fate {
        case keep
        case drop
    }

    @inline(__always)
    static func copy(
        _ fields: [HeaderField], from start: Int, of all: UnsafeRawBufferPointer, into out: inout ByteAppender,
        fate: (HeaderField) -> Fate
    ) {
        var runStart = start
        let end = all.count - 2
        var index = 0
        let count = fields.count
        while index < count {
            let field = fields[index]
            index += 1
            guard case .drop = fate(field) else { continue }
            out.append(all, Int(runStart)..<Int(field.nameStart))
            runStart = index < count ? Int(fields[index].nameStart) : end
        }
        out.append(all, runStart..<end)
    }

    /// Whether a Connection header of this head names that header.
    static func isNamedByConnection(_ all: UnsafeRawBufferPointer, _ name: Range<Int>, _ fields: [HeaderField]) -> Bool {
        var isNamed = false
        for field in fields where field.kind == .connection {
            forEachToken(all, field.value) { token in
                if token.count == name.count,
                    (0..<name.count).allSatisfy({
                        lowercased(all[token.lowerBound + $0]) == lowercased(all[name.lowerBound + $0])
                    })
                {
                    isNamed = true
                }
            }
        }
        return isNamed
    }
}

/// Appends to memory whose size was asked for once, for the whole head: a buffer that checks and grows at each word costs more
/// than the copying.
struct ByteAppender: ~Copyable {
    private let base: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ base: UnsafeMutableRawBufferPointer) { self.base = base }

    @inline(__always)
    mutating func append(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) {
        append(UnsafeRawBufferPointer(rebasing: all[range]))
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let from = bytes.baseAddress, let to = base.baseAddress else { return }
        precondition(bytes.count <= base.count - count, "the head is larger than was reckoned")
        (to + count).copyMemory(from: from, byteCount: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func appendDecimal(_ value: Int) {
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    mutating func appendHexadecimal(_ value: UInt64) {
        // Eight digits at a time: the nibbles spread over the bytes of a word, then made characters.
        for half in [UInt32(truncatingIfNeeded: value >> 32), UInt32(truncatingIfNeeded: value)] {
            var word = UInt64(half)
            word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
            word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
            word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
            let areLetters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
            word = word &+ 0x3030_3030_3030_3030 &+ areLetters &* 0x27
            withUnsafeBytes(of: word.bigEndian) { append($0) }
        }
    }
}

extension ByteBuffer {
    /// Appends at most `bytesMax` bytes through a `ByteAppender`.
    @inline(__always)
    mutating func append(atMost bytesMax: Int, _ body: (inout ByteAppender) -> Void) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: bytesMax) { memory in
            var appender = ByteAppender(memory)
            body(&appender)
            return appender.count
        }
    }
}
