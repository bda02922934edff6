import NIOCore
import Verdicts

/// The caller's request as it goes to the sides: composed once, sent to both.
struct ForwardedRequest: Sendable {
    /// Longer bodies are not copied behind the head.
    static let copiedBodyMax = 16_384
    private static let mark: StaticString = "X-Shadow-Mode: mirror\r\n\r\n"

    var method: RequestMethod
    /// Request line and fields, ready for the wire, the empty line included; behind them the body if it is small.
    private(set) var wire: ByteBuffer
    private var headLength: Int
    private var largeBody: ByteBuffer?
    /// Microseconds since 1970, stamped by us; the caller's own on a trusted listener stands in the head instead.
    var stampedAt: Int64
    var hasIdempotencyKey: Bool

    /// What is left of a request whose memory was given back.
    static let none = ForwardedRequest(
        method: .unsafe, head: ByteBuffer(), body: nil, stampedAt: 0, hasIdempotencyKey: false)

    var bytes: Int { wire.readableBytes + (largeBody?.readableBytes ?? 0) }

    /// - Parameter body: nil when the request has no body, or it follows piece by piece.
    init(
        method: RequestMethod, head: consuming ByteBuffer, body: ByteBuffer?, stampedAt: Int64, hasIdempotencyKey: Bool
    ) {
        self.method = method
        headLength = head.readableBytes
        // Taken over, not shared: else to write the body behind it would copy the whole.
        wire = consume head
        if let body, body.readableBytes <= Self.copiedBodyMax {
            wire.writeImmutableBuffer(body)
        } else {
            largeBody = body
        }
        self.stampedAt = stampedAt
        self.hasIdempotencyKey = hasIdempotencyKey
    }

    /// - Parameter mirrored: with the mark of a mirrored write.
    func write(to outbox: inout Outbox, mirrored: Bool, context: ChannelHandlerContext) {
        if mirrored {
            wire.withUnsafeReadableBytes { all in
                outbox.bytes.writeBytes(UnsafeRawBufferPointer(rebasing: all[0..<headLength - 2]))
                outbox.bytes.writeStaticString(Self.mark)
                outbox.bytes.writeBytes(UnsafeRawBufferPointer(rebasing: all[headLength...]))
            }
        } else {
            outbox.append(wire, to: context)
        }
        if let largeBody { outbox.append(largeBody, to: context) }
    }

    /// For evidence and the catch-up: never on the ordinary path.
    func recorded(mirror: Bool) -> RecordedRequest {
        var rest = wire
        let text = HeadText(rest.readSlice(length: headLength) ?? ByteBuffer())
        let parts = text.startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        let instant = text.fields.last { $0[0].lowercased() == "x-request-time" }?[1]
        return RecordedRequest(
            method: parts.first.map(String.init) ?? "", target: parts.count > 1 ? String(parts[1]) : "",
            headers: text.fields + (mirror ? [["X-Shadow-Mode", "mirror"]] : []),
            body: Array((largeBody ?? rest).readableBytesView), instant: instant ?? InstantStamp.string(stampedAt))
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
        self.init(
            method: Array(recorded.method.utf8).withUnsafeBytes { RequestMethod($0) }, head: head,
            body: recorded.body.isEmpty ? nil : allocator.buffer(bytes: recorded.body), stampedAt: 0,
            hasIdempotencyKey: hasIdempotencyKey)
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
