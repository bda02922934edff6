import NIOCore

/// Where the answer to one request belongs: a connection and the request's number on it. The connection may be gone.
struct ClientSlot: Sendable {
    let connection: ClientConnection
    let number: UInt64

    /// The ordinary answer.
    func send(_ answer: SideAnswer, from lane: Lane) {
        let client = connection.lane
        if client === lane {
            connection.take(answer, number: number)
        } else {
            client.loop.execute { [self] in connection.take(answer, number: number) }
        }
    }

    /// From the lane the exchange lives on to the lane the caller's connection lives on.
    func send(_ reply: Reply, from lane: Lane) {
        let client = connection.lane
        if client === lane {
            connection.take(reply, number: number)
        } else {
            client.loop.execute { [self] in connection.take(reply, number: number) }
        }
    }
}

/// What an exchange sends to its caller instead of an ordinary answer: a `problem`, or a `streamHead`, pieces and an end.
enum Reply: Sendable {
    case problem(ProblemKind, String)
    /// The answer is beyond the limit: its head and the first of its body; the exchange is told what the socket took.
    case streamHead(SideAnswer, Exchange)
    case streamPiece(ByteBuffer)
    case streamEnd
    /// The primary broke off in the middle: all that is left is to break off too.
    case streamBroken
}

/// The proxy's own answers to a request that was understood.
enum ProblemKind: Sendable {
    case primaryFailed
    case primaryTimeout
    /// Too much of the same key waits.
    case keyBusy
    /// Beyond the limit, where only what takes its turn may pass.
    case bodyTooLarge

    var status: Int {
        switch self {
        case .primaryFailed: 502
        case .primaryTimeout: 504
        case .keyBusy: 503
        case .bodyTooLarge: 413
        }
    }

    /// The member `code` of the problem.
    var code: StaticString {
        switch self {
        case .primaryFailed: "PRIMARY_FAILED"
        case .primaryTimeout: "PRIMARY_TIMEOUT"
        case .keyBusy: "KEY_BUSY"
        case .bodyTooLarge: "BODY_TOO_LARGE"
        }
    }

    var retryAfterSeconds: Int? { self == .keyBusy ? 1 : nil }
}
