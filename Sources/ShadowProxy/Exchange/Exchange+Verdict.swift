import Comparison
import NIOCore
import Verdicts

/// What the proxy's own question to both sides found.
struct ProbeResult {
    var primary: SideAnswer?
    /// Who answered as the primary: the key may have changed sides since the exchange that asks.
    var side: Side
    /// nil when one of the sides did not answer, or the keys were not comparable.
    var outcome: ComparisonOutcome?
    /// Both answered 2xx: what agrees is what they hold.
    var showsWhatTheyHold: Bool
    var conditions: KeyConditions
    var writes: UInt64?
    /// The count of doubts before the primary was asked.
    var asked: UInt64
}

/// From two answers to a verdict.
extension Exchange {
    func compare() {
        if !isOrdered, !keys.isEmpty, !isWrite {
            home.conditions(of: keys) { [self] conditions in
                self.conditions = conditions
                compareAnswers()
            }
        } else {
            compareAnswers()
        }
    }

    private func compareAnswers() {
        // Taken out and put back: a copy would count its references up and down for nothing.
        guard let primary = primaryAnswer.take() else { return }
        guard let shadow = shadowAnswer.take() else {
            primaryAnswer = primary
            return
        }
        if max(primary.body.readableBytes, shadow.body.readableBytes) < plan.plan.limits.offLaneBytesMin {
            let outcome = home.comparator.compare(primary, shadow, by: operation)
            if home.rollout?.isControlDue == true, outcome.isAgreement { home.plantControl(primary, shadow, by: operation) }
            primaryAnswer = consume primary
            shadowAnswer = consume shadow
            compared(outcome)
        } else {
            primaryAnswer = primary
            shadowAnswer = shadow
            compareOffLane(primary, shadow)
        }
    }

    private func compareOffLane(_ primary: SideAnswer, _ shadow: SideAnswer) {
        pin()
        let accepted = home.offLane.compare(primary, shadow, operation: operation, lane: home) { [self] outcome in
            compared(outcome)
        }
        if !accepted {
            home.books.reached(.comparisonsWaiting)
            cause = "too many large answers were waiting to be compared"
            unpin()
            perform(state.compared(.shed))
        }
    }

    private func compared(_ outcome: ComparisonOutcome) {
        if isProbe {
            self.outcome = outcome
            unpin()
            perform(state.compared(.match))
            return
        }
        if !conditions.isComparable {
            if conditions.standing == .unverified, conditions.behind == 0, !isWrite, outcome.isAgreement { proveKeys() }
            cause = conditions.cause
            give(.notComparable)
            return
        }
        switch outcome {
        case .equalBytes, .equal:
            if conditions.root != nil { tellKeys(.matched) }
            give(.match)
        case .tolerated:
            if conditions.root != nil { tellKeys(.matched) }
            give(.tolerated)
        case .different(let differences):
            self.differences = differences
            let id = home.nextEvidenceID()
            evidenceID = id
            if conditions.root == nil { tellKeys(.mismatched(id)) }
            confirm()
        }
    }

    /// One compared read that agrees is as good as a read-back, if it would show the write: where read-backs are configured, one of those does.
    private func proveKeys() {
        guard bothShowWhatTheyHold else { return }
        for key in keys {
            if let readBack = plan.readBack(for: key, preferred: nil), readBack.operation !== operation { continue }
            home.tell(.agreed(asked: doubtsSeen), of: key)
        }
    }

    /// Sides that refuse alike (401, 404, 503) agree, and show nothing of what they hold.
    var bothShowWhatTheyHold: Bool {
        guard let primaryAnswer, let shadowAnswer else { return false }
        return (200..<300).contains(primaryAnswer.status) && (200..<300).contains(shadowAnswer.status)
    }

    /// The comparison is through, with all rechecks.
    func give(_ verdict: ComparisonVerdict) {
        if state.isLate, verdict == .mismatch || verdict == .match || verdict == .tolerated {
            home.tellRollout(ofLate: operation.name, key: keys.first?.text, verdict == .mismatch ? differences : [])
        }
        if state.isLate, verdict == .mismatch {
            // The caller got an error long ago, and that was the verdict; the difference is kept all the same.
            home.offerEvidence(self, verdict: .mismatch, cause: cause)
        }
        if verdict != .mismatch, let evidenceID { tellKeys(.absolved(evidenceID)) }
        unpin()
        perform(state.compared(verdict))
    }

    func pin() {
        guard isOrdered, !isPinned else { return }
        isPinned = true
        tellKeys(.pinned)
    }

    func unpin() {
        guard isPinned else { return }
        isPinned = false
        tellKeys(.unpinned)
    }
}

extension ComparisonOutcome {
    /// Nothing but what a rule forgives.
    var isAgreement: Bool {
        if case .different = self { false } else { true }
    }
}
