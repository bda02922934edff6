import NIOCore

/// Memory of requests and answers that are through, for those that come: a request's way takes no new memory for its bytes.
///
/// A buffer that somebody still holds is harmless here: it takes memory of its own when it is written to again.
struct SpareBuffers {
    private static let keptMax = 1_024
    /// What is kept is no larger than this, so that one large answer is not paid for ever.
    private static let bytesMax = 32_768
    private static let bytesMin = 1_024

    private var spare: [ByteBuffer] = []

    /// An empty buffer.
    mutating func take(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer = spare.popLast() else { return allocator.buffer(capacity: Self.bytesMin) }
        buffer.clear()
        return buffer
    }

    mutating func giveBack(_ buffer: ByteBuffer) {
        guard spare.count < Self.keptMax, buffer.storageCapacity <= Self.bytesMax, buffer.storageCapacity >= Self.bytesMin else {
            return
        }
        spare.append(buffer)
    }
}
