import Comparison
import HTTPFraming
import Migration
import NIOCore
import Verdicts

extension AnsweringSide {
    var side: Side { self == .legacy ? .legacy : .candidate }
}

extension KeyPlacement {
    /// As a rollout left off, for one lane.
    init(_ traffic: RolloutTraffic) {
        var ledger = PlacementLedger(keysMax: traffic.writtenMax)
        for key in traffic.written { _ = ledger.note(key) }
        self.init(plan: traffic.plan, salt: traffic.salt, table: traffic.table, ledger: ledger)
    }
}

/// Placement: which side answers a request, and what the rollout is told of it.
extension Lane {
    func audience(_ reading: AudienceSource.Reading?) -> Int {
        guard let reading, !reading.claims.isEmpty else { return placement.table.everyone }
        return placement.table.audience(ofClaims: reading.claims)
    }

    /// Where the request is to go by what holds at this moment.
    func decide(_ exchange: Exchange) -> Side {
        let keys = exchange.keys
        if keys.isEmpty { return placement.decide(key: nil, audience: exchange.audience).side.side }
        if let key = keys.only { return placement.decide(key: key.text, audience: exchange.audience).side.side }
        return placement.decide(keys: keys.map(\.text), audience: exchange.audience).side.side
    }

    func decideAgain(_ exchange: Exchange) -> Side {
        placement.decideAgain(keys: exchange.keys.map(\.text), audience: exchange.audience).side.side
    }

    /// Which side has the last word on a key whose write an unclean end cut off: the candidate, if it has written the key. A table can't say it:
    /// it knows nothing of the audience, and may have changed since.
    func sideLeftBehind(_ key: RequestKey) -> Side {
        if rollout != nil { return placement.ledger.holds(key.text) ? .candidate : .legacy }
        return placement.decideAgain(keys: CollectionOfOne(key.text), audience: placement.table.everyone).side.side
    }

    // MARK: From the rollout

    /// From the next request on, and for those that wait.
    func place(_ table: PlacementTable) {
        placement.update(table)
        hasMovedKeys = hasMovedKeys || !table.isShadow
        decideAgain()
    }

    func forgetWrittenKeys() {
        ledgersForgotten += 1
        placement.ledger.forgetAll()
        decideAgain()
    }

    func learn(written keys: [String]) {
        for key in keys { placement.ledger.learn(key) }
    }

    // MARK: Written keys

    /// Whether the candidate is about to write one of them for the first time.
    func mustNote(_ keys: KeyList) -> Bool {
        rollout != nil && keys.contains { !placement.ledger.holds($0.text) }
    }

    func hasWrittenNone(of keys: KeyList) -> Bool { !keys.contains { placement.ledger.holds($0.text) } }

    /// `then` gets true, on this lane, once they are on disk, and this lane knows of them and has told the others; false when that can't be.
    func noteWritten(_ keys: KeyList, then body: @escaping @Sendable (Bool) -> Void) {
        guard let rollout else { return body(true) }
        let names = keys.map(\.text)
        let forgotten = ledgersForgotten
        keptUnderWay += 1
        rollout.store.note(names) { [self] failure in
            loop.execute { [self] in
                keptUnderWay -= 1
                if failure != nil {
                    books.reached(.writtenKeys)
                } else if forgotten == ledgersForgotten {
                    learn(written: names)
                    for lane in mesh.lanes where lane !== self { lane.loop.execute { lane.learn(written: names) } }
                }
                body(failure == nil)
                checkStopped()
            }
        }
    }

    // MARK: What the rollout is told

    /// With the verdict.
    func tellRollout(of exchange: Exchange, _ verdict: Verdict) {
        guard rollout != nil else { return }
        let isCandidatePrimary = exchange.primarySide == .candidate
        // Refused before either side was asked, or cut off by the caller or a stop, it says nothing of the sides.
        guard exchange.failedWith != .cut, exchange.failedWith != nil || exchange.primaryAnswer != nil else { return }
        let primaryFailed = exchange.failedWith != nil || (exchange.primaryAnswer?.status ?? 0) >= 500
        var shadowFailed: Bool?
        switch verdict {
        case .shadowError, .shadowTimeout: shadowFailed = true
        default: shadowFailed = exchange.shadowAnswer.map { $0.status >= 500 }
        }
        let candidateFailed = isCandidatePrimary ? primaryFailed : shadowFailed
        // Of what the candidate was not asked there is nothing to say.
        guard let candidateFailed else { return }
        var comparison: TrafficOutcome.Comparison?
        switch verdict {
        case .match, .tolerated: comparison = .match
        case .mismatch:
            comparison = .mismatch(places: exchange.differences.filter { !$0.tolerated }.map(\.genericPath))
        default: break
        }
        record(
            TrafficOutcome(
                operation: exchange.operation.name, key: exchange.keys.first.map { placement.mark(of: $0.text) },
                candidateFailed: candidateFailed, isOfMovers: isCandidatePrimary && exchange.audience == placement.table.moving,
                legacyFailed: isCandidatePrimary ? shadowFailed : primaryFailed,
                comparison: comparison))
    }

    /// A write that the shadow took late, or whose primary gave its answer late: what came of the two answers then. Who failed before has been told.
    func tellRollout(ofLate operation: String, key: String?, _ differences: [Difference], statusDiffers: Bool = false) {
        guard rollout != nil else { return }
        let places = differences.filter { !$0.tolerated }.map(\.genericPath) + (statusDiffers ? ["status"] : [])
        record(
            TrafficOutcome(
                operation: operation, key: key.map { placement.mark(of: $0) },
                comparison: places.isEmpty ? .match : .mismatch(places: places)))
    }

    private func record(_ outcome: TrafficOutcome) {
        let settled = LaneFindings.Settled(at: clock.microseconds(), outcome: outcome)
        if rollout?.record(settled) == false { books.reached(.rolloutOutcomes) }
    }

    /// Notes the candidate's build, now and then.
    func noteBuild(_ answer: SideAnswer, of side: Side) {
        guard let rollout, rollout.isBuildDue, side == .candidate, let header = rollout.buildHeader else { return }
        rollout.isBuildDue = false
        guard let field = answer.head.texts.first(where: { $0.count == 2 && $0[0].lowercased() == header }) else { return }
        rollout.build = field[1]
    }

    func findings() -> LaneFindings {
        var findings = LaneFindings()
        findings.counts = placement.counts
        guard let rollout else { return findings }
        findings.settled = rollout.take()
        findings.controls = rollout.controls
        findings.dropped = rollout.dropped
        findings.candidateBuild = rollout.build.take()
        return findings
    }

    func handOvers() -> HandOverStanding {
        var reading = HandOverStanding(writtenKeys: placement.ledger.count, keysMistrusted: unverifiedKeys + divergedKeys)
        order.forEachQueue { queue in
            let crossing = queue.waiting.count { !$0.manner.goesWhereTheKeyIs && queue.isCrossing($0.side) }
            if crossing > 0 { reading.keysLeaving += 1 }
            reading.writesWaiting += crossing
            // Where somebody is at the candidate by right, only one that waits says that this key is to leave it.
            let table = placement.table
            let isKept = table.keepsWrittenKeys && !table.isKilled && placement.ledger.holds(queue.key.text)
            let isToLeave = table.isShadow && !isKept || queue.waiting.contains { $0.side == .legacy }
            guard isToLeave, queue.side == .candidate, queue.trust.behind > 0 || queue.trust.standing != .trusted else { return }
            reading.keysBehind += 1
        }
        return reading
    }
}
