import NIOCore
import Verdicts

/// The caller's request as it goes to the sides: the head composed once, the body shared by both.
struct ForwardedRequest: Sendable {
    var method: RequestMethod
    /// Request line and fields, ready for the wire, the empty line included.
    var head: ByteBuffer
    /// nil when the request has no body.
    var body: ByteBuffer?
    /// Microseconds since 1970, stamped by us; the caller's own on a trusted listener stands in `head` instead.
    var stampedAt: Int64
    var hasIdempotencyKey: Bool

    var bytes: Int { head.readableBytes + (body?.readableBytes ?? 0) }

    /// The same head with the mark of a mirrored write.
    func mirrorHead(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        let mark: StaticString = "X-Shadow-Mode: mirror\r\n\r\n"
        var mirror = allocator.buffer(capacity: head.readableBytes + mark.utf8CodeUnitCount)
        if let start = head.getSlice(at: head.readerIndex, length: max(0, head.readableBytes - 2)) {
            mirror.writeImmutableBuffer(start)
        }
        mirror.writeStaticString(mark)
        return mirror
    }

    /// For evidence and the catch-up: never on the ordinary path.
    func recorded(mirror: Bool) -> RecordedRequest {
        let text = HeadText(mirror ? mirrorHead(ByteBufferAllocator()) : head)
        let parts = text.startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        let instant = text.fields.last { $0[0].lowercased() == "x-request-time" }?[1]
        return RecordedRequest(
            method: parts.first.map(String.init) ?? "", target: parts.count > 1 ? String(parts[1]) : "", headers: text.fields,
            body: body.map { Array($0.readableBytesView) } ?? [], instant: instant ?? InstantStamp.string(stampedAt))
    }

    /// A recorded request made ready to be sent again, its head byte for byte as it was.
    init(_ recorded: RecordedRequest, allocator: ByteBufferAllocator) {
        var head = allocator.buffer(capacity: 512)
        head.writeString("\(recorded.method) \(recorded.target) HTTP/1.1\r\n")
        var hasIdempotencyKey = false
        for field in recorded.headers where field.count == 2 {
            head.writeString(field[0])
            head.writeStaticString(": ")
            head.writeString(field[1])
            head.writeStaticString("\r\n")
            if field[0].lowercased() == "idempotency-key" { hasIdempotencyKey = true }
        }
        head.writeStaticString("\r\n")
        self.method = Array(recorded.method.utf8).withUnsafeBytes { RequestMethod($0) }
        self.head = head
        self.body = recorded.body.isEmpty ? nil : allocator.buffer(bytes: recorded.body)
        self.stampedAt = 0
        self.hasIdempotencyKey = hasIdempotencyKey
    }

    init(method: RequestMethod, head: ByteBuffer, body: ByteBuffer?, stampedAt: Int64, hasIdempotencyKey: Bool) {
        self.method = method
        self.head = head
        self.body = body
        self.stampedAt = stampedAt
        self.hasIdempotencyKey = hasIdempotencyKey
    }
}

/// A head taken apart into text, for evidence. The bytes have been checked by the parser before.
struct HeadText {
    var startLine = ""
    /// Names and values in the order they came; bytes that are not UTF-8 are repaired.
    var fields: [[String]] = []

    init(_ head: ByteBuffer) {
        var isFirst = true
        for line in head.readableBytesView.split(separator: 0x0A, omittingEmptySubsequences: true) {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            if isFirst {
                startLine = String(decoding: line, as: UTF8.self)
                isFirst = false
                continue
            }
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            var value = line[line.index(after: colon)...].drop(while: isSpace)
            while let last = value.last, isSpace(last) { value = value.dropLast() }
            fields.append([String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)])
        }
    }
}
