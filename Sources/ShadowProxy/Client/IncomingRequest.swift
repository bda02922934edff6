import HTTPFraming
import NIOCore

/// A request whose head is read and whose body is on its way.
struct IncomingRequest {
    /// Bytes under way to the primary before reading from the caller stops.
    static let window = 262_144

    let head: RequestHead
    let method: RequestMethod
    let number: UInt64
    /// What there is of the body, while it is held.
    var body: ByteBuffer?
    /// Set when the body is beyond the limit and goes on as it comes.
    var upload: Exchange?
    var unacknowledged = 0
    /// The primary has answered or failed: the rest of the body is read and thrown away.
    var isUnwanted = false

    init(head: RequestHead, method: RequestMethod, number: UInt64) {
        self.head = head
        self.method = method
        self.number = number
    }

    var isHeldUp: Bool { upload != nil && unacknowledged > Self.window }

    private var isChunked: Bool { if case .length = head.framing { false } else { true } }

    /// Sends a part on, and hears through the connection when the primary's socket has taken it.
    mutating func forward(_ part: ByteBuffer?, isLast: Bool, over connection: ClientConnection) {
        guard let upload, !isUnwanted else { return }
        var out = part ?? ByteBuffer()
        if isChunked {
            out = connection.lane.allocator.buffer(capacity: (part?.readableBytes ?? 0) + 32)
            if let part { ChunkWriter.write(part, into: &out) }
            if isLast { ChunkWriter.end(into: &out) }
        }
        let size = out.readableBytes
        guard size > 0 || isLast else { return }
        unacknowledged += size
        // Always as a task of its own: the answer may come while this request is being changed.
        upload.upload(out, isLast: isLast) { taken in
            connection.lane.loop.execute { connection.uploadMoved(by: size, taken: taken) }
        }
    }
}
