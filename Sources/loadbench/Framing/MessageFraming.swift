import NIOCore

/// Cuts a stream of HTTP/1.1 bytes into messages: the start line is read, the body's length found, the body passed over.
///
/// Only what the measured programs send: `Content-Length` bodies. Anything else is a fault, never a guess.
struct MessageFraming<Line: StartLine> {
    struct Message {
        let line: Line
        /// The sender closes the connection after this message.
        let closes: Bool
    }

    private var held = ByteBuffer()
    /// A message whose body is not in yet.
    private var current: Message?
    private var bodyMissing = 0

    /// Bytes in the longest head that is taken.
    private static var headMax: Int { 65_536 }

    mutating func append(_ bytes: ByteBuffer) {
        if held.readableBytes == 0 {
            held = bytes
        } else {
            held.writeImmutableBuffer(bytes)
        }
    }

    /// Whether a message has begun and is not whole.
    var isMidMessage: Bool { current != nil || held.readableBytes > 0 }

    /// The next message whose last byte is in, or nil when more bytes are needed.
    mutating func next() throws(FramingFault) -> Message? {
        if current == nil {
            guard let head = try readHead() else { return nil }
            current = head
        }
        let here = min(bodyMissing, held.readableBytes)
        held.moveReaderIndex(forwardBy: here)
        bodyMissing -= here
        // Lets go of the receive buffer, which NIO then uses again.
        if held.readableBytes == 0 { held = ByteBuffer() }
        guard bodyMissing == 0 else { return nil }
        defer { current = nil }
        return current
    }

    private mutating func readHead() throws(FramingFault) -> Message? {
        let scan = held.withUnsafeReadableBytes { HeadScan($0) }
        guard let scan else {
            if held.readableBytes > Self.headMax { throw .headTooLong }
            return nil
        }
        if scan.isChunked { throw .noLength }
        let line = held.withUnsafeReadableBytes { Line(UnsafeRawBufferPointer(rebasing: $0[..<scan.lineEnd])) }
        guard let line else { throw .noStartLine }
        guard let length = line.hasNoBody ? 0 : scan.contentLength ?? Line.lengthWhenUnsaid else { throw .noLength }
        held.moveReaderIndex(forwardBy: scan.end)
        bodyMissing = length
        return Message(line: line, closes: scan.closes)
    }
}

/// The first line of a message.
protocol StartLine {
    /// Nil for what is no such line; without the line's end.
    init?(_ bytes: UnsafeRawBufferPointer)
    /// Whether a message that begins so has no body, whatever its headers say.
    var hasNoBody: Bool { get }
    /// The body's length where no header says it; nil where that is a fault.
    static var lengthWhenUnsaid: Int? { get }
}

enum FramingFault: Error {
    case headTooLong
    case noStartLine
    /// Neither a readable `Content-Length` nor a message without body.
    case noLength
}
