public import Migration

/// Where several proxies keep one rollout. Every change is a step made inside of the store's own transaction, on what stands there: two
/// proxies never step from the same document. A call that throws has changed nothing, or its outcome is read again.
public protocol RolloutExchange: Sendable {
    /// The document that stands there. Where there is none yet, `first` and the log that belongs to it are put there.
    func open(_ first: RolloutDocument, log: [[UInt8]]) async throws -> RolloutDocument
    /// Makes a step of what stands there, and keeps it with its lines.
    func step(_ make: @escaping @Sendable (RolloutDocument) throws -> DocumentStep) async throws -> DocumentStep
    /// Nil while it is still that version.
    func document(otherThan version: Int64) async throws -> RolloutDocument?
    /// Lines of the audit log, in their order.
    func log(after sequence: Int, limit: Int) async throws -> [[UInt8]]

    /// Asks to lead for so long from now on, by the store's own clock. Who leads gathers the evidence and tells the time.
    ///
    /// - Returns: the term, which another leader's differs from; nil while another leads.
    func lead(forMs: Int) async throws -> Int64?
    /// Another may lead at once.
    func resign() async throws

    /// One that was published before, by its number, is not taken twice.
    ///
    /// - Returns: false when there was no room: nobody takes them up.
    func publish(_ batch: OutcomeBatch) async throws -> Bool
    /// In the order in which they came, from all proxies.
    func batches(after cursor: Int64, limit: Int) async throws -> [(cursor: Int64, batch: OutcomeBatch)]
    /// The evidence that was kept last, and the batches that are in it; nil when there is none.
    func evidence() async throws -> (bytes: [UInt8], through: Int64)?
    /// Keeps the evidence and drops the batches that are in it.
    ///
    /// - Returns: false when the term is over: nothing was kept.
    func keep(evidence: [UInt8], through: Int64, term: Int64) async throws -> Bool

    /// Keys that the candidate has written, noted by this proxy.
    ///
    /// - Parameter returns: How many times keys went back at this proxy before these were noted.
    /// - Returns: false when the document has more of them: these keys are to go back as well, and nobody hears of them.
    func publish(keys: [String], returns: Int) async throws -> Bool
    /// Those of all proxies, in the order in which they were published. The own ones among them are noted already.
    func keys(after cursor: Int64, limit: Int) async throws -> (keys: [String], cursor: Int64)
}

/// What came of requests at one proxy, under one stage and one set of rules.
public struct OutcomeBatch: Sendable, Hashable, Codable {
    /// Rises with each batch of one process.
    public var number: Int64
    public var stage: StageAttempt
    public var basis: EvidenceBasis
    public var outcomes: [TrafficOutcome]

    public init(number: Int64, stage: StageAttempt, basis: EvidenceBasis, outcomes: [TrafficOutcome]) {
        self.number = number
        self.stage = stage
        self.basis = basis
        self.outcomes = outcomes
    }

    /// Whether any of it speaks against the candidate.
    public var speaksAgainst: Bool {
        outcomes.contains { outcome in
            if case .mismatch = outcome.comparison { return true }
            return outcome.candidateFailed
        }
    }
}
