import NIOCore

/// What a connection has to send, gathered so that it leaves in one write; its memory serves again once the socket has taken it.
struct Outbox {
    /// Longer bodies are handed on as they are: to copy them would cost more than a second range in the write.
    private static let copiedMax = 16_384
    /// A buffer that grew beyond it (a caller asked for many answers at once) is not kept.
    private static let keptMax = 65_536

    private var buffer = ByteBuffer()
    /// The channel has it, or had it: what it holds is not ours to send again.
    private var isHanded = false
    /// Its connection waits in the lane's `FlushQueue`.
    var isDirty = false

    /// Append what is to be sent.
    var bytes: ByteBuffer {
        get { buffer }
        _modify {
            if isHanded {
                if buffer.storageCapacity > Self.keptMax { buffer = ByteBuffer() }
                // Takes new memory only if the channel still holds the old.
                buffer.clear()
                isHanded = false
            }
            yield &buffer
        }
    }

    mutating func append(_ part: ByteBuffer, to context: ChannelHandlerContext) {
        guard part.readableBytes > 0 else { return }
        if part.readableBytes <= Self.copiedMax {
            bytes.writeImmutableBuffer(part)
        } else {
            hand(to: context)
            context.write(NIOAny(part), promise: nil)
        }
    }

    /// Gives the channel what there is; it is flushed by the caller.
    mutating func hand(to context: ChannelHandlerContext) {
        guard !isHanded, buffer.readableBytes > 0 else { return }
        isHanded = true
        context.write(NIOAny(buffer), promise: nil)
    }

    /// True when the connection has to be put in the queue.
    mutating func becomesDirty() -> Bool {
        if isDirty { return false }
        isDirty = true
        return true
    }
}
