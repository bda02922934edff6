import NIOCore
import Verdicts

/// Counting. `received = sum of verdicts + in flight + awaiting comparison` holds between any two events of a lane, because an
/// exchange is counted on one lane only, from `received` to `settle`.
extension Lane {
    func received(_ exchange: Exchange) {
        exchanges += 1
        if exchange.isProbe {
            probes += 1
            return
        }
        exchange.isCounted = true
        inFlight += 1
        books.received(exchange.operation)
    }

    /// The caller has its answer.
    func primaryEnded(_ exchange: Exchange) {
        guard exchange.isCounted else { return }
        inFlight -= 1
        awaitingComparison += 1
        guard exchange.isOneSidedWrite, exchange.failedWith?.isBeforeRequest != true else { return }
        if let answer = exchange.primaryAnswer {
            // Refused, it changed nothing: a stranger's guesses must neither cast doubt on keys nor be remembered.
            guard !(400..<500).contains(answer.status), exchange.classify(answer) != .notDone else { return }
        }
        let why = exchange.isUpload ? "was too large to be mirrored" : "is never mirrored and went to one side alone"
        // A gateway's 504 may come while the service behind it is still at work.
        let isThrough = exchange.primaryAnswer.map { exchange.classify($0) == .definite } ?? false
        exchange.tellKeys(
            .unverified(
                "\(exchange.operation.name) \(why)", readBack: exchange.operation.readBack?.text, mayBeUnderWay: !isThrough))
        // The journal keeps it until the keys' lanes have heard.
        exchange.keepsJournal = true
        keptUnderWay += 1
        afterNews(of: exchange.keys) { [self] in
            keptUnderWay -= 1
            exchange.keepsJournal = false
            endWrite(&exchange.journalSlot)
            checkStopped()
        }
    }

    func settle(_ exchange: Exchange) {
        guard exchange.isCounted, let verdict = exchange.state.verdict else { return }
        exchange.isCounted = false
        awaitingComparison -= 1
        books.settled(exchange.operation, verdict)
        if rollout != nil { tellRollout(of: exchange, verdict) }
        switch verdict {
        case .mismatch, .shadowError, .shadowTimeout: offerEvidence(exchange, verdict: verdict, cause: exchange.cause)
        case .notComparable where exchange.persistence == .noise:
            offerEvidence(exchange, verdict: verdict, cause: exchange.cause)
        case .primaryError where primaryErrorsShown < Self.primaryErrorsShownPerSecond:
            primaryErrorsShown += 1
            offerEvidence(exchange, verdict: verdict, cause: exchange.cause)
        default: break
        }
    }

    /// Nothing more happens to it (a missed write may still be on its way to the disk).
    func finished(_ exchange: Exchange) {
        exchanges -= 1
        if exchange.isProbe { probes -= 1 }
        exchange.giveMemoryBack()
        if exchange.journalSlot != nil, exchange.keepsJournal == false { endWrite(&exchange.journalSlot) }
        checkStopped()
    }

    static let primaryErrorsShownPerSecond = 10

    // MARK: What waits for the shadow

    var isShadowBacklogFull: Bool {
        let limits = plan.plan.limits
        return shadowBacklog >= limits.shadowBacklogMax || shadowBacklogBytes >= limits.shadowBacklogBytesMax
    }

    func noteBacklogFull() {
        books.reached(shadowBacklog >= plan.plan.limits.shadowBacklogMax ? .shadowBacklog : .shadowBacklogBytes)
    }

    func enterBacklog(_ exchange: Exchange) {
        guard !exchange.isInBacklog else { return }
        exchange.isInBacklog = true
        shadowBacklog += 1
        addToBacklog(exchange, bytes: exchange.request.bytes)
    }

    func addToBacklog(_ exchange: Exchange, bytes: Int) {
        guard exchange.isInBacklog else { return }
        exchange.backlogBytes += bytes
        shadowBacklogBytes += bytes
    }

    func leaveBacklog(_ exchange: Exchange) {
        guard exchange.isInBacklog else { return }
        exchange.isInBacklog = false
        shadowBacklog -= 1
        shadowBacklogBytes -= exchange.backlogBytes
        exchange.backlogBytes = 0
    }

    // MARK: The journal of writes under way

    func beginWrite(_ keys: KeyList) -> Int? { keys.isEmpty ? nil : books.beginWrite(keys) }

    func endWrite(_ slot: inout Int?) {
        guard let begun = slot else { return }
        slot = nil
        books.endWrite(begun)
    }

    // MARK: Latencies

    func notePrimary(_ exchange: Exchange, _ answer: SideAnswer) {
        guard exchange.isCounted else { return }
        if rollout != nil { noteBuild(answer, of: exchange.primarySide) }
        books.latencies.primary(side: exchange.primarySide, microseconds: answer.latencyMicroseconds)
    }

    func noteShadow(_ exchange: Exchange, _ answer: SideAnswer) {
        guard !exchange.isProbe else { return }
        if rollout != nil { noteBuild(answer, of: exchange.primarySide.other) }
        books.latencies.shadow(side: exchange.primarySide.other, microseconds: answer.latencyMicroseconds)
    }

    // MARK: Evidence

    func offerEvidence(_ exchange: Exchange, verdict: Verdict, cause: String?) {
        let id = exchange.evidenceID ?? nextEvidenceID()
        let isMismatch = verdict == .mismatch
        let isNoise = verdict == .notComparable && exchange.persistence == .noise
        // The root may have become known after the exchange looked.
        let root = exchange.conditions.root ?? exchange.keys.lazy.compactMap { self.order.find($0)?.trust.root }.first
        let keys = exchange.keys
        let name = exchange.operation.name
        let recordedAt = clock.microseconds()
        let persistence = isMismatch || isNoise ? exchange.persistence : .unconfirmed
        let request = exchange.request
        let isMirrored = exchange.isWrite
        let side = exchange.primarySide
        let primary = exchange.primaryAnswer
        let shadow = exchange.shadowAnswer
        let differences = isMismatch || isNoise ? exchange.differences : []
        let bytes = 1_024 + request.bytes + (primary?.bytes ?? 0) + (shadow?.bytes ?? 0) + differences.count * 256
        evidence.offer(bytes: bytes) {
            Evidence(
                id: id, recordedAtMicroseconds: recordedAt, operation: name, keys: keys.map(\.text).sorted(), verdict: verdict,
                cause: cause, persistence: persistence, cascadeOf: isMismatch && root != id ? root : nil, caughtUp: false,
                request: request.recorded(mirror: isMirrored), primary: primary?.recorded(side),
                shadow: shadow?.recorded(side.other), differences: differences)
        }
    }

    // MARK: Missed writes

    /// Keeps a missed write of these keys on disk. `then` gets nil, or why it could not be kept.
    func keep(
        keys: [String], side: Side, bytes: Int, _ make: @escaping @Sendable () -> MissedWrite,
        then body: @escaping @Sendable (String?) -> Void
    ) {
        keptUnderWay += 1
        catchUp.append(bytes: bytes, make) { [self] result in
            loop.execute { [self] in
                keptUnderWay -= 1
                switch result {
                case .success:
                    let first = mesh.lanes[0]
                    on(first) { first.drain?.appended(keys: keys, side: side) }
                    body(nil)
                case .failure(let error):
                    books.reached(.catchUpQueue)
                    body(String(describing: error))
                }
                checkStopped()
            }
        }
    }
}
