internal import Foundation
internal import Migration

/// What this proxy knows of the store that it shares the rollout in.
struct ShareState: Sendable {
    /// Since when the store has not answered.
    var awaySince: Instant?
    /// Of this proxy's lead; nil while another leads, or nobody.
    var term: Int64?
    /// Until when this proxy may take itself for the leader, by its own clock, measured from before it asked.
    var leadsUntil: Instant?
    /// The batches that are in the leader's evidence.
    var cursor: Int64 = 0
    /// Not yet published.
    var waiting: [OutcomeBatch] = []
    var waitingCount = 0
    /// By this process.
    var batchesMade: Int64 = 0
    /// Under which the outcomes that come now were compared; nil when nobody can say, and then they are no evidence.
    var basis: EvidenceBasis?
    /// At the last look.
    var basisLast: EvidenceBasis?
    /// Outcomes that found no room, here or in the store.
    var dropped = 0

    static let outcomesMax = 50_000

    /// Keeps what is to be published; when the store is away for long, matches find no room any more, and mismatches and failures find
    /// room up to twice as much.
    mutating func take(_ outcomes: [TrafficOutcome], stage: StageAttempt) {
        guard !outcomes.isEmpty else { return }
        let basis = basis ?? EvidenceBasis(candidateBuild: "", rules: "")
        var taken: [TrafficOutcome] = []
        for outcome in outcomes {
            let max = outcome.comparison == .match && !outcome.candidateFailed ? Self.outcomesMax : 2 * Self.outcomesMax
            if waitingCount < max {
                taken.append(outcome)
                waitingCount += 1
            } else {
                dropped += 1
            }
        }
        guard !taken.isEmpty else { return }
        batchesMade += 1
        waiting.append(OutcomeBatch(number: batchesMade, stage: stage, basis: basis, outcomes: taken))
    }
}

/// The rollout's part in a store that several proxies share.
extension RolloutController {
    static let keysTogether = 4_096
    static let batchesTogether = 200

    /// The document there goes before the one here. A store that does not answer leaves this proxy where it was.
    func openShare() async throws(RolloutStartError) {
        guard let exchange else { return }
        do {
            let lines = try disk.lines(after: 0)
            record.document.head = disk.head
            let there = try await exchange.open(record.document, log: lines)
            heard()
            _ = try rules.rollout(there)
            guard await copyLog(upTo: there.head) else {
                throw RolloutStartError(troubles["the audit log"] ?? "The audit log is not the one of the shared store.")
            }
            guard isCurrent(there) else { return }
            record.document = there
            document = try RolloutOpening.applying(record.owed, to: there, rules)
        } catch let error as RolloutStartError {
            throw error
        } catch let error as RolloutError {
            throw RolloutStartError(error.description)
        } catch {
            _ = away(error)
        }
    }

    /// Publishes, and adopts what others have done.
    func exchangeOnce() async {
        guard let exchange else { return }
        do {
            try await publishOutcomes(exchange)
            try await publishKeys(exchange)
            let asked = record.document.version
            if let next = try await exchange.document(otherThan: asked) {
                await turns.enter()
                // This proxy may have gone on since it asked.
                if next.version > record.document.version || record.document.version == asked { await adopt(next) }
                await turns.leave()
            } else {
                trouble("the shared rollout", nil)
            }
            heard()
            try await gather(exchange)
        } catch {
            _ = away(error)
        }
        publishStanding()
    }

    private func publishOutcomes(_ exchange: any RolloutExchange) async throws {
        while let batch = share.waiting.first {
            let isTaken = try await exchange.publish(batch)
            share.waiting.removeFirst()
            share.waitingCount -= batch.outcomes.count
            if !isTaken { share.dropped += batch.outcomes.count }
        }
    }

    private func publishKeys(_ exchange: any RolloutExchange) async throws {
        // Read before the keys are: those that go back in the meantime are refused.
        let returns = record.returnsDone
        var own = try await plane.unpublishedKeys(limit: Self.keysTogether)
        while !own.isEmpty, try await exchange.publish(keys: own, returns: returns) {
            try await plane.published(own)
            own = own.count < Self.keysTogether ? [] : try await plane.unpublishedKeys(limit: Self.keysTogether)
        }
        // Not while keys are going back: what was read before must not be noted after.
        await turns.enter()
        do {
            var isMore = true
            while isMore {
                let (keys, cursor) = try await exchange.keys(after: record.keyCursor, limit: Self.keysTogether)
                if !keys.isEmpty { try await plane.note(keys) }
                record.keyCursor = cursor
                isMore = keys.count == Self.keysTogether
            }
            await turns.leave()
        } catch {
            await turns.leave()
            throw error
        }
    }

    // MARK: Leading

    /// Asks to lead, or to go on leading.
    func seekLead() async {
        guard let exchange else { return }
        let asked = now()
        do {
            let term = try await exchange.lead(forMs: setup.leaseMs)
            heard()
            share.leadsUntil = term == nil ? nil : asked.advanced(byMilliseconds: Int64(setup.leaseMs))
            guard term != share.term || (term != nil && keeper == nil) else { return }
            share.term = nil
            keeper = nil
            if let term { try await takeLead(term, exchange) }
        } catch {
            _ = away(error)
            if let until = share.leadsUntil, now() >= until { loseLead() }
        }
    }

    private func loseLead() {
        share.term = nil
        share.leadsUntil = nil
        keeper = nil
    }

    /// Goes on with the evidence where the last leader left it.
    private func takeLead(_ term: Int64, _ exchange: any RolloutExchange) async throws {
        let kept = try await exchange.evidence()
        let fresh = try newEvidence(await plane.basis())
        lostEvidence = nil
        if let kept {
            share.cursor = kept.through
            if let stored = try? EvidenceKeeper(plan: setup.plan, stored: kept.bytes) {
                keeper =
                    stored.evidence.stage == document.state.stage ? stored : EvidenceKeeper(plan: setup.plan, evidence: fresh)
            } else {
                keeper = EvidenceKeeper(plan: setup.plan, evidence: fresh)
                lostEvidence = "the evidence of the last leader can't be read"
            }
        } else {
            share.cursor = 0
            keeper = EvidenceKeeper(plan: setup.plan, evidence: fresh)
        }
        share.term = term
    }

    /// The leader's look at what all proxies have published.
    private func gather(_ exchange: any RolloutExchange) async throws {
        guard let term = share.term, isJudge else { return }
        var trigger: RollbackTrigger?
        var isMore = true
        while isMore {
            let batches = try await exchange.batches(after: share.cursor, limit: Self.batchesTogether)
            guard share.term == term else { return }
            for (cursor, batch) in batches {
                let counts =
                    batch.stage == keeper?.evidence.stage && keeper?.evidence.basis.agrees(with: batch.basis) == true
                if counts { keeper?.learn(candidateBuild: batch.basis.candidateBuild) }
                for outcome in batch.outcomes {
                    if let found = keeper?.record(outcome, counts: counts), trigger == nil { trigger = found }
                }
                share.cursor = cursor
            }
            isMore = batches.count == Self.batchesTogether
        }
        if let trigger, document.state.latch == nil {
            await turns.enter()
            try? await happen(.rollback(trigger), at: now())
            await turns.leave()
        }
        try await keepEvidence(exchange, term)
    }

    private func keepEvidence(_ exchange: any RolloutExchange, _ term: Int64) async throws {
        guard let keeper, keeper.isDirty, keeper.isUrgent || now() >= evidenceDueAt else { return }
        let began = now()
        if try await exchange.keep(evidence: try keeper.encoded(), through: share.cursor, term: term) {
            self.keeper?.stored()
            evidenceDueAt = now().advanced(byMilliseconds: max(1_000, 20 * now().since(began)))
            try await publishFigures(exchange)
        } else {
            loseLead()
        }
    }

    /// So that every proxy can say how far the evidence is.
    private func publishFigures(_ exchange: any RolloutExchange) async throws {
        guard let verdict = keeper?.verdict(), verdict.decision != .reject else { return }
        let now = now()
        await turns.enter()
        do {
            let trial = try rules.step(.verdict(verdict), on: document, at: now)
            let asked = noteAsked(trial.actions, at: now)
            let step = try await shareStep(exchange, .verdict(verdict), at: now)
            forgetAsked(asked)
            oweTelling(step.actions)
            await adopt(step.document)
            await tellOwed()
            await turns.leave()
        } catch {
            await turns.leave()
            throw error
        }
    }

    func leaveShare() async {
        guard let exchange else { return }
        try? await publishOutcomes(exchange)
        if share.term != nil { try? await exchange.resign() }
        loseLead()
    }

    // MARK: The log

    /// Writes what is missing of the shared log into this proxy's own, line by line as it is.
    ///
    /// - Returns: false when the own log does not reach as far; the trouble says why.
    func copyLog(upTo head: AuditHead) async -> Bool {
        guard let exchange else { return true }
        do {
            if disk.head.sequence > head.sequence, head.sequence > 0 {
                // It may have been written on since; what is shared of it must be the same.
                let shared = try disk.lines(after: head.sequence - 1).first
                guard let shared, AuditLine.digest(shared) == head.digest else { throw OtherLog() }
            }
            while disk.head.sequence < head.sequence {
                let lines = try await exchange.log(after: disk.head.sequence, limit: 500)
                guard !lines.isEmpty else { break }
                for bytes in lines {
                    guard let line = AuditLine(bytes, following: disk.head) else { throw OtherLog() }
                    try disk.append(line)
                }
            }
            // Another proxy may have written on since.
            if disk.head.sequence == head.sequence, disk.head != head || disk.head.sequence < head.sequence { throw OtherLog() }
            guard disk.head.sequence >= head.sequence else { throw OtherLog() }
            trouble("the audit log", nil)
            return true
        } catch is OtherLog {
            trouble(
                "the audit log",
                "The audit log \(setup.folder)/\(RolloutFolder.auditName) ends at \(disk.head), which the shared store's does not follow: move it "
                    + "away with \(RolloutFolder.recordName), and the whole of it is fetched anew.")
            return false
        } catch let error as AuditError {
            trouble("the audit log", error.description)
            return false
        } catch {
            _ = away(error)
            return false
        }
    }

    private struct OtherLog: Error {}

    /// False for the document of a store that was set back, which nothing is to follow.
    func isCurrent(_ next: RolloutDocument) -> Bool {
        guard next.version < record.document.version else {
            trouble("the shared rollout", nil)
            return true
        }
        trouble("the shared rollout", SetBack(there: next.version, here: record.document.version).description)
        return false
    }

    /// Why nothing is entered into a store.
    struct SetBack: Error, CustomStringConvertible {
        var there: Int64
        var here: Int64

        var description: String {
            "The shared store has an older rollout (version \(there)) than this proxy (\(here)): it was set back. Nothing moves until it is "
                + "restored, or the state folders are."
        }
    }

    /// A step of the shared document, unless it is older than what this proxy has.
    func shareStep(
        _ exchange: any RolloutExchange, _ event: RolloutEvent, facts: [String: String] = [:], at now: Instant
    ) async throws -> DocumentStep {
        let (rules, here) = (rules, record.document.version)
        return try await exchange.step { before in
            guard before.version >= here else { throw SetBack(there: before.version, here: here) }
            return try rules.step(event, on: before, facts: facts, at: now)
        }
    }

    // MARK: The store's absence

    func heard() {
        guard share.awaySince != nil else { return }
        share.awaySince = nil
        trouble("the shared store", nil)
    }

    func away(_ error: any Error) -> RolloutRefusal {
        if let error = error as? SetBack {
            trouble("the shared rollout", error.description)
            return RolloutRefusal(.unavailable, error.description)
        }
        if share.awaySince == nil { share.awaySince = now() }
        let sentence = "The shared store does not answer, so the rollout stays where it is: \(error)"
        trouble("the shared store", sentence)
        publishStanding()
        return RolloutRefusal(.unavailable, sentence)
    }
}
