import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the end of a head without looking at any byte twice, and refuses a line that does not end in CR LF.
///
/// What it says depends on the bytes alone, never on how they were cut into reads: nothing beyond the limit is looked at.
struct HeadScanner: Sendable {
    private(set) var scanned = 0
    private var lineStart = 0
    /// Where the first line ends, its CR LF included; 0 while it is not whole.
    private(set) var firstLineEnd = 0

    enum Step {
        case needMore
        /// The head takes that many bytes, the empty line included.
        case complete(Int)
        case failure(FramingError)
    }

    mutating func scan(_ buffer: ByteBuffer, limit: Int) -> Step {
        buffer.withUnsafeReadableBytes { scan($0, limit: limit) }
    }

    mutating func scan(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Step {
        var at = scanned
        var start = lineStart
        let end = min(bytes.count, limit)
        defer {
            scanned = at
            lineStart = start
        }
        while at < end, let base = bytes.baseAddress {
            guard let found = memchr(base + at, 0x0A, end - at) else {
                at = end
                break
            }
            at = UnsafeRawPointer(found) - base
            guard at > start, bytes[at - 1] == 0x0D else { return .failure(FramingError(.bareLineFeed)) }
            let isEmpty = at - 1 == start
            at += 1
            start = at
            if firstLineEnd == 0 { firstLineEnd = at }
            if isEmpty { return .complete(at) }
        }
        return bytes.count > limit ? .failure(FramingError(.headTooLarge)) : .needMore
    }

    mutating func reset() {
        scanned = 0
        lineStart = 0
        firstLineEnd = 0
    }
}
