/// Where the data plane leaves evidence. Never blocks the caller.
public protocol EvidenceSink: Sendable {
    /// Takes the evidence, or drops it because the bound is reached; the sink counts what it dropped.
    ///
    /// - Parameters:
    ///   - bytes: about the memory that `make` holds.
    ///   - make: runs on a thread of the sink's, once, and not at all if the evidence is dropped: taking bytes apart is not for a lane.
    @discardableResult
    func offer(bytes: Int, _ make: @escaping @Sendable () -> Evidence) -> Bool
}

extension EvidenceSink {
    /// Offers evidence that is made already.
    @discardableResult
    public func offer(_ evidence: Evidence) -> Bool { offer(bytes: evidence.bytes) { evidence } }
}

/// A mirrored write that the shadow did not take, kept on disk until it has.
public struct MissedWrite: Sendable {
    /// Position in the catch-up queue; rising in the order in which the primary executed the writes. 0 until stored.
    public var id: Int64
    /// Sorted; a transfer has two.
    public var keys: [String]
    public var operation: String
    /// Which side missed it.
    public var side: Side
    /// The request as it is to be sent again: same target, same idempotency key, same instant.
    public var request: RecordedRequest
    /// What the primary answered, to compare the late answer with.
    public var primary: RecordedAnswer
    /// Why the shadow did not take it at first (`timeout`, `refused`, `shed` …).
    public var cause: String
    /// How often it has been sent again in vain.
    public var attempts: Int

    public init(
        id: Int64 = 0, keys: [String], operation: String, side: Side, request: RecordedRequest, primary: RecordedAnswer,
        cause: String, attempts: Int = 0
    ) {
        self.id = id
        self.keys = keys
        self.operation = operation
        self.side = side
        self.request = request
        self.primary = primary
        self.cause = cause
        self.attempts = attempts
    }
}

/// The catch-up queue on disk, and the standing of keys. Calls return at once; completions run on the store's own thread,
/// in the order of the calls.
public protocol CatchUpStore: Sendable {
    /// Keeps a missed write; durable when the completion says so. Fails when a bound is reached or the disk refuses.
    ///
    /// - Parameters:
    ///   - bytes: about the memory that `make` holds.
    ///   - make: runs on the store's thread, or not at all if a bound is reached before.
    func append(
        bytes: Int, _ make: @escaping @Sendable () -> MissedWrite,
        completion: @escaping @Sendable (Result<Int64, any Error>) -> Void)
    /// The oldest write that names `key` and is kept for `side`.
    func next(key: String, side: Side, completion: @escaping @Sendable (Result<MissedWrite?, any Error>) -> Void)
    /// Notes one more try in vain; the new number of tries is stored with the write.
    func recordAttempt(id: Int64, cause: String)
    /// The write is through (or given up): it leaves the queue.
    func remove(id: Int64, completion: @escaping @Sendable (Result<Void, any Error>) -> Void)
    /// Keeps a key's standing for the next start and for `countersign resync`.
    ///
    /// - Parameter side: who answers the key: what is known of it is known there.
    func setStanding(_ standing: KeyStanding, key: String, cause: String, side: Side)
    /// What is kept now: read once at start.
    func load(completion: @escaping @Sendable (Result<CatchUpState, any Error>) -> Void)
}

extension CatchUpStore {
    /// Keeps a missed write that is made already.
    public func append(_ write: MissedWrite, completion: @escaping @Sendable (Result<Int64, any Error>) -> Void) {
        append(bytes: write.request.body.count + write.primary.body.count, { write }, completion: completion)
    }
}

/// How far a key's comparisons can be trusted.
public enum KeyStanding: String, Sendable, Codable {
    /// Both sides are known to agree about it, or nothing speaks against it.
    case trusted
    /// A write of it may have reached one side alone (an unclean stop, a `never` write, an unsettled answer):
    /// trusted again when one read-back agrees.
    case unverified
    /// The shadow could not be caught up: trusted again only after `countersign resync`.
    case diverged
}

/// The catch-up queue and the keys' standings as they were when the store was opened.
public struct CatchUpState: Sendable {
    /// For each key with missed writes: how many, and which side missed them.
    public var behind: [String: (side: Side, writes: Int)]
    /// Keys that are not trusted, with the cause, and who answered them; nil where that was not kept.
    public var standings: [String: (standing: KeyStanding, cause: String, side: Side?)]

    public init(
        behind: [String: (side: Side, writes: Int)] = [:],
        standings: [String: (standing: KeyStanding, cause: String, side: Side?)] = [:]
    ) {
        self.behind = behind
        self.standings = standings
    }
}
