import Comparison
import NIOCore
import Verdicts

/// A mismatch is asked again before it is believed.
///
/// Reads: both sides, same request, same instant, in the key's order if it has one.
/// - still different: *persistent*.
/// - the primary now differs from its own first answer at every path of the mismatch, and no write of the key came between:
///   *noise*, the verdict is not-comparable. Where no key orders the read, nobody knows whether a write came between: a busy
///   value changes on both sides, so it is noise only if the sides no longer differ at those paths.
/// - the sides agree now: *transient*. On an ordered key that stays a mismatch (a stale cache looks like it); on an unordered
///   read it is replication lag, and the verdict is tolerated.
///
/// Writes are never sent again for this: their keys are read back on both sides.
extension Exchange {
    func confirm() {
        guard !state.isLate, !home.isStopping, home.rechecks < Lane.rechecksMax else {
            if home.rechecks >= Lane.rechecksMax { home.books.reached(.recheckTries) }
            give(.mismatch)
            return
        }
        if isWrite {
            guard !keys.isEmpty, plan.readBack(of: operation) != nil else {
                give(.mismatch)
                return
            }
        } else if plan.plan.limits.recheckTriesMax < 1 {
            give(.mismatch)
            return
        }
        pin()
        home.rechecks += 1
        recheckLater()
    }

    private func recheckLater() {
        alarm = home.wheel.schedule(
            self, afterMs: plan.plan.limits.recheckDelayMs, purpose: Alarm.recheck.rawValue)
    }

    func recheck() {
        if isWrite {
            readBack(keyNumber: 0, agreed: true)
            return
        }
        recheckTries += 1
        let probe = Exchange(
            plan: plan, operation: operation, keys: keys, isOrdered: isOrdered, course: .read,
            purpose: .probe(done: { [self] result in rechecked(result) }), request: request, home: home,
            primarySide: primarySide)
        probe.begin()
    }

    private func rechecked(_ result: ProbeResult) {
        if result.conditions.isContested {
            cause = result.conditions.cause
            return believe(.unconfirmed, .notComparable)
        }
        let isLast = recheckTries >= plan.plan.limits.recheckTriesMax || home.isStopping
        guard let outcome = result.outcome, let second = result.primary, result.conditions.isComparable,
            result.side == primarySide
        else {
            if isLast { believe(.unconfirmed, .mismatch) } else { recheckLater() }
            return
        }
        let mayBeNoise = isOrdered ? writesSeen != nil && writesSeen == result.writes : !stillDiffer(outcome)
        // Where both refused it this time, that they do so alike says nothing of the first answers.
        let isRefused = [401, 403, 407, 408, 425, 429].contains(second.status) || second.status >= 500
        let saysSomething = !outcome.isAgreement || !isRefused || second.status == primaryAnswer?.status
        if mayBeNoise, saysSomething, primaryContradictsItself(second) {
            cause = "the primary disagrees with its own first answer"
            believe(.noise, .notComparable)
        } else if outcome.isAgreement, saysSomething {
            believe(.transient, isOrdered ? .mismatch : .tolerated)
        } else if isLast {
            believe(outcome.isAgreement ? .unconfirmed : .persistent, .mismatch)
        } else {
            recheckLater()
        }
    }

    /// Whether the primary's second answer differs from its first at every path where the sides differed.
    private func primaryContradictsItself(_ second: SideAnswer) -> Bool {
        guard let first = primaryAnswer else { return false }
        let drift = home.comparator.compare(first, second, by: operation).differences
        guard !drift.isEmpty else { return false }
        let drifted = Set(drift.map(\.path))
        return differences.allSatisfy { $0.tolerated || drifted.contains($0.path) }
    }

    /// Whether the sides' second answers differ at a path where the first did.
    private func stillDiffer(_ second: ComparisonOutcome) -> Bool {
        let first = Set(differences.lazy.filter { !$0.tolerated }.map(\.path))
        return second.differences.contains { !$0.tolerated && first.contains($0.path) }
    }

    private func readBack(keyNumber: Int, agreed: Bool) {
        guard keyNumber < keys.count, let template = plan.readBack(of: operation) else {
            believe(agreed ? .transient : .persistent, .mismatch)
            return
        }
        home.startReadBack(of: keys[keyNumber], by: template, plan: plan, primarySide: primarySide) { [self] result in
            guard let outcome = result.outcome, result.showing == .held || !outcome.isAgreement else {
                believe(agreed ? .unconfirmed : .persistent, .mismatch)
                return
            }
            readBack(keyNumber: keyNumber + 1, agreed: agreed && outcome.isAgreement)
        }
    }

    private func believe(_ persistence: Persistence, _ verdict: ComparisonVerdict) {
        home.rechecks -= 1
        self.persistence = persistence
        give(verdict)
    }
}
