import DequeModule
import NIOCore

/// The place of one answer on a caller's connection.
struct ReplySlot {
    enum Content {
        case awaited
        case answer(SideAnswer)
        /// A whole message of our own.
        case message(ByteBuffer)
        /// Its head is to be written, or is written; parts that came while an earlier answer was due.
        case stream(SideAnswer, Exchange, StreamProgress)
    }

    struct StreamProgress {
        var isHeadWritten = false
        var parts = Deque<ByteBuffer>()
        var end: StreamEnd?
    }

    enum StreamEnd {
        case whole
        case broken
    }

    let isHead: Bool
    let minorVersion: Int
    /// The connection ends after this answer.
    var closes: Bool
    /// Nothing after it is read before it is answered.
    let isAlone: Bool
    /// When the whole request was here.
    var askedAt: NIODeadline
    var content = Content.awaited

    init(
        isHead: Bool, minorVersion: Int, closes: Bool, isAlone: Bool, askedAt: NIODeadline = .uptimeNanoseconds(0)
    ) {
        self.askedAt = askedAt
        self.isHead = isHead
        self.minorVersion = minorVersion
        self.closes = closes
        self.isAlone = isAlone
    }

    var isStreaming: Bool { if case .stream = content { true } else { false } }
    var streamOwner: Exchange? { if case .stream(_, let exchange, _) = content { exchange } else { nil } }
}
