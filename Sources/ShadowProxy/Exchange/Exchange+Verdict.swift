import Comparison
import NIOCore
import Verdicts

/// What two answers to a read say of what the sides hold.
enum Showing {
    /// Both answered 2xx: what agrees is what they hold.
    case held
    /// Both say that there is no such thing: 400, 404 or 410.
    case absent
    /// Refusals (401, 503), or what can't be told: that sides do so alike says nothing of what they hold.
    case nothing
}

/// What the proxy's own question to both sides found.
struct ProbeResult {
    var primary: SideAnswer?
    /// Who answered as the primary: the key may have changed sides since the exchange that asks.
    var side: Side
    /// nil when one of the sides did not answer, or the keys were not comparable.
    var outcome: ComparisonOutcome?
    var showing: Showing
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
            let mayProve = conditions.standing == .unverified && conditions.behind == 0 && !conditions.isContested
            if mayProve, !isWrite, outcome.isAgreement { proveKeys() }
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

    /// One compared read that agrees is as good as a read-back, if it asks for the very same; where none is configured, if it asks for the whole
    /// of something.
    private func proveKeys() {
        let showing = showing
        guard showing != .nothing, request.method == .get, primaryAnswer?.status != 206 else { return }
        let target = request.recorded(mirror: false).target
        for key in keys {
            if plan.readBacks.isEmpty {
                if showing == .held, !target.contains("?") { home.tell(.agreed(asked: doubtsSeen, on: .anyRead), of: key) }
            } else if let same = plan.readBacks.first(where: { $0.asks(for: key, in: target) }) {
                let proof = KeyProof.read(of: same.text, all: plan.readBacks.map(\.text), isHeld: showing == .held)
                home.tell(.agreed(asked: doubtsSeen, on: proof), of: key)
            }
        }
    }

    var showing: Showing {
        guard let primary = primaryAnswer?.status, let shadow = shadowAnswer?.status else { return .nothing }
        if (200..<300).contains(primary), (200..<300).contains(shadow) { return .held }
        return [400, 404, 410].contains(primary) && primary == shadow ? .absent : .nothing
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
