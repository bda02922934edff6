import NIOCore
import Synchronization
import Verdicts

/// Why a side gave no whole answer.
enum CallFailure: Sendable, Equatable {
    /// No connection: refused, unreachable, name unknown, connect timeout.
    case refused
    /// No connection that could be trusted: nothing was sent (or, with `refusesOurs`, nothing was taken).
    case tls(TLSTrouble)
    /// The connection broke before the answer was whole.
    case reset
    case timeout
    /// What came is not HTTP/1.1.
    case malformed
    /// The answer is beyond the limit (only where it is not streamed on).
    case tooLarge
    /// The proxy stops, or a bound was reached.
    case cut
    /// It was not asked: the shadow rests (``ShadowRest``).
    case rested

    /// In words, after "the primary …" or "the shadow …".
    var words: String {
        switch self {
        case .refused: "refused the connection"
        case .tls(let trouble): "failed the TLS handshake: \(trouble.words)"
        case .reset: "broke the connection before its answer was whole"
        case .timeout: "did not answer in time"
        case .malformed: "sent no valid HTTP"
        case .tooLarge: "answered beyond the limit"
        case .cut: "was cut off"
        case .rested: "was let rest after it had failed again and again, or could not follow"
        }
    }

    /// Whether it is certain that nothing of the request has reached the side.
    var isBeforeRequest: Bool {
        switch self {
        case .refused, .rested: true
        case .tls(let trouble): trouble != .refusesOurs
        default: false
        }
    }
}

/// What a call tells whoever made it. Each call ends with exactly one of `answered`, `failed` and `streamEnded`.
protocol CallOwner: AnyObject {
    func call(_ call: Call, answered answer: SideAnswer)
    func call(_ call: Call, failed failure: CallFailure)
    /// The answer is larger than what is held; only asked of calls with `streamsLargeAnswers`. `answer` has the body so far.
    func call(_ call: Call, streams answer: SideAnswer)
    func call(_ call: Call, streamed piece: ByteBuffer)
    func callStreamEnded(_ call: Call)
}

/// One try of one request at one side. Lives on the lane that sends it.
final class Call: DeadlineOwner {
    private enum Phase {
        case waiting
        case underWay
        case over
    }

    let pool: SidePool
    /// Held until the call is over: often nothing else holds the exchange.
    private var owner: (any CallOwner)?
    let request: ForwardedRequest
    /// With the mark of a mirrored write.
    let isMirrored: Bool
    let isHead: Bool
    /// Safe to send again on a fresh connection after a stale one broke.
    let isSafe: Bool
    /// A body beyond the limit goes on to the caller as it comes; otherwise the call fails with `tooLarge`.
    let streamsLargeAnswers: Bool
    /// It asks the shadow for the sake of comparing: what a resting shadow is spared.
    let mayRest: Bool
    /// More of the request follows through `send(piece:)`.
    let streamsRequest: Bool

    private var phase = Phase.waiting
    private(set) var isStreaming = false
    private var hasRetried = false
    private let firstTryAt: NIODeadline
    private var nextTry = DeadlineWheel.Handle.none

    /// Purposes of a call's deadlines.
    private static let answerDue: UInt8 = 0
    private static let tryAgain: UInt8 = 1
    private static let pauseBetweenTriesMs = 50
    /// When its bytes went to the socket; before that when it was made.
    private(set) var sentAt: NIODeadline
    /// Whether a connection was found and the request was given to it.
    private(set) var wasSent = false
    /// What the side had answered well before.
    let goodAnswersBefore: UInt64
    private var connection: UpstreamConnection?
    private var deadline = DeadlineWheel.Handle.none
    private var isPaused = false
    /// Pieces of a streamed request that came before the connection was there.
    private var earlyPieces: [(piece: ByteBuffer, isLast: Bool, done: (@Sendable (Bool) -> Void)?)] = []

    init(
        pool: SidePool, owner: any CallOwner, request: ForwardedRequest, isMirrored: Bool = false, isSafe: Bool,
        streamsLargeAnswers: Bool = false, streamsRequest: Bool = false, mayRest: Bool = false
    ) {
        sentAt = .now()
        goodAnswersBefore = pool.goodAnswers.load(ordering: .relaxed)
        self.pool = pool
        self.owner = owner
        self.request = request
        self.isMirrored = isMirrored
        self.isHead = request.method == .head
        self.isSafe = isSafe
        self.streamsLargeAnswers = streamsLargeAnswers
        self.streamsRequest = streamsRequest
        firstTryAt = sentAt
        self.mayRest = mayRest
    }

    var isOver: Bool { phase == .over }
    var latencyMicroseconds: Int { Int((NIODeadline.now() - sentAt).nanoseconds / 1_000) }

    func start() {
        armDeadline()
        pool.submit(self)
    }

    /// Ends the call without a word to its owner; a connection under way is closed, since an answer may still come on it.
    func cancel() {
        guard phase != .over else { return }
        close()
    }

    // MARK: From the pool and the connection

    func given(_ connection: UpstreamConnection) {
        self.connection = connection
        phase = .underWay
        wasSent = true
        connection.send(self)
        if isPaused { connection.pauseReading() }
        for early in earlyPieces { connection.send(piece: early.piece, isLast: early.isLast, done: early.done) }
        earlyPieces.removeAll()
    }

    func flushed(at now: NIODeadline) {
        if !isStreaming { sentAt = now }
    }

    func answered(_ answer: SideAnswer) {
        guard phase == .underWay else { return }
        pool.noteAnswer(status: answer.status)
        over()?.call(self, answered: answer)
    }

    func streams(_ answer: SideAnswer) {
        guard phase == .underWay else { return }
        isStreaming = true
        pool.noteAnswer(status: answer.status)
        owner?.call(self, streams: answer)
    }

    func streamed(_ piece: ByteBuffer) {
        guard phase == .underWay else { return }
        armDeadline()
        owner?.call(self, streamed: piece)
    }

    func streamEnded() {
        guard phase == .underWay else { return }
        over()?.callStreamEnded(self)
    }

    /// The connection is gone (or never came) before the answer was whole.
    func failed(_ failure: CallFailure, onReusedConnection: Bool = false, anyByteCame: Bool = false) {
        guard phase != .over else { return }
        let isPatient = pool.plan.patienceMs > 0
        if failure == .refused, isPatient, !pool.lane.isCutOff, waitedMs < pool.plan.patienceMs {
            nextTry = pool.lane.wheel.schedule(self, afterMs: Self.pauseBetweenTriesMs, purpose: Self.tryAgain)
            return
        }
        let mayRepeat = isSafe || isPatient && request.hasIdempotencyKey
        if failure == .reset, onReusedConnection, !anyByteCame, mayRepeat, !hasRetried, !streamsRequest {
            // It had grown stale in the pool: what may be sent twice is sent once more, on a fresh connection.
            hasRetried = true
            connection = nil
            phase = .waiting
            pool.submit(self, fresh: true)
            return
        }
        over()?.call(self, failed: failure)
    }

    // MARK: Streaming

    /// One more piece of the request's body. `done` says whether the peer's socket took it.
    func send(piece: ByteBuffer, isLast: Bool, done: (@Sendable (Bool) -> Void)?) {
        guard phase != .over else {
            done?(false)
            return
        }
        armDeadline()
        if let connection {
            connection.send(piece: piece, isLast: isLast, done: done)
        } else {
            earlyPieces.append((piece, isLast, done))
        }
    }

    func pauseReading() {
        isPaused = true
        connection?.pauseReading()
    }

    func resumeReading() {
        isPaused = false
        connection?.resumeReading()
        armDeadline()
    }

    private var waitedMs: Int { Int((NIODeadline.now() - firstTryAt).nanoseconds / 1_000_000) }

    func deadlineReached(_ purpose: UInt8) {
        if purpose == Self.tryAgain {
            nextTry = .none
            guard phase == .waiting else { return }
            // A stop that is through with waiting has no more time.
            if pool.lane.isCutOff { over()?.call(self, failed: .cut) } else { pool.submit(self) }
            return
        }
        deadline = .none
        guard phase != .over else { return }
        if isPaused {
            // The caller reads slowly; the side is not to blame. The caller's own idle timeout ends this.
            armDeadline()
            return
        }
        close()?.call(self, failed: .timeout)
    }

    private func armDeadline() {
        guard phase != .over else { return }
        pool.lane.wheel.cancel(&deadline)
        deadline = pool.lane.wheel.schedule(self, afterMs: pool.plan.answerTimeoutMs)
    }

    @discardableResult
    private func close() -> (any CallOwner)? {
        let connection = self.connection
        let wasWaiting = phase == .waiting
        let owner = over()
        if wasWaiting { pool.withdraw(self) }
        connection?.abandon()
        return owner
    }

    private func over() -> (any CallOwner)? {
        let owner = self.owner
        self.owner = nil
        phase = .over
        connection = nil
        let pieces = earlyPieces
        earlyPieces.removeAll()
        pool.lane.wheel.cancel(&deadline)
        pool.lane.wheel.cancel(&nextTry)
        for early in pieces { early.done?(false) }
        return owner
    }
}
