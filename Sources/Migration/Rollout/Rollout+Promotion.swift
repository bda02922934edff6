/// What raises the share: evidence, a request or automation, approvals, time.
extension Rollout {
    /// All that keeps the next step (or `retire`, at the last one) back, for a status page; empty when it may be taken.
    public func holds(at now: Instant) -> [RolloutHold] {
        var holds: [RolloutHold] = []
        if state.isRetired { return [.retired] }
        if let kill = state.kill { holds.append(.killed(kill)) }
        if let latch = state.latch { holds.append(.latched(reason: latch.reason)) }
        if let pause = state.pause { holds.append(.paused(reason: pause.reason)) }
        // The plan is asked as well: a window may have begun since anybody last looked, as after a restart.
        let frozen = state.freezes.union(plan.frozen(at: now))
        if !frozen.isEmpty { holds.append(.frozen(names: frozen.sorted())) }
        let left = Int64(plan.times(at: state.step).minimumMs) - now.since(state.enteredAt)
        if left > 0 { holds.append(.minimumNotReached(leftMs: left)) }
        if state.verdict?.decision != .promote { holds.append(.evidence(reason: state.verdict?.reason)) }
        let missing = approvalsMissing
        if !missing.isEmpty { holds.append(.approvalsMissing(missing)) }
        return holds
    }

    /// What is still to be approved of the next step. Each person counts once, in the role he approved in; whoever asked for the step
    /// does not count.
    public var approvalsMissing: [ApprovalDemand] {
        plan.approvals(from: state.step).compactMap { demand in
            let given = state.approvals.filter { $0.role == demand.role && $0.identity != state.requestedBy?.identity }.count
            return given < demand.number ? ApprovalDemand(role: demand.role, number: demand.number - given) : nil
        }
    }

    mutating func take(_ verdict: EvidenceVerdict, _ now: Instant) -> [RolloutAction] {
        guard verdict.stage == state.stage else { return [] }
        let before = state.verdict?.decision
        state.verdict = verdict
        switch verdict.decision {
        case .reject:
            // A rejected try is over, latched or not; nothing can be lowered further while the switch is thrown.
            return rollBack(.rejected(reason: verdict.reason), now)
        case .hold:
            return []
        case .promote:
            if before == .promote { return [] }
            var actions: [RolloutAction] = [
                .notice(RolloutNotice(.information, "\(plan.name), \(title): \(verdict.reason)."))
            ]
            if !approvalsMissing.isEmpty { actions.append(.askApproval(step: state.step + 1, missing: approvalsMissing)) }
            return actions
        }
    }

    mutating func voidEvidence(_ reason: String) -> [RolloutAction] {
        let begin = beginTry(nil)
        return [
            .audit(AuditedAction("evidence-voided", details(["reason": reason]))), begin,
            .notice(RolloutNotice(.warning, "\(plan.name), \(title): the evidence so far is void: \(reason).")),
        ]
    }

    mutating func request(_ person: Person, _ now: Instant) -> [RolloutAction] {
        if state.step == plan.lastStep {
            return refusal("promote", person, ["Everybody is on the candidate already; `retire` is what is left."])
        }
        // A freeze ends and approvals come by themselves, so the request waits for them; everything else is for a person to mend.
        let reasons = holds(at: now).filter { hold in
            switch hold {
            case .approvalsMissing, .frozen: false
            default: true
            }
        }
        if !reasons.isEmpty { return refusal("promote", person, reasons.map(\.description)) }
        state.requestedBy = person
        var actions: [RolloutAction] = [
            .audit(AuditedAction("promotion-requested", by: person, details(["next": plan.title(of: state.step + 1)])))
        ]
        if !approvalsMissing.isEmpty { actions.append(.askApproval(step: state.step + 1, missing: approvalsMissing)) }
        return actions
    }

    /// - Parameter stage: what the person means to approve; nil: whatever is next.
    mutating func approve(_ person: Person, _ stage: String?, _ now: Instant) -> [RolloutAction] {
        var reasons: [String] = []
        let demands = plan.approvals(from: state.step)
        let next = state.step == plan.lastStep ? RolloutPlan.retirementTitle : plan.title(of: state.step + 1)
        if let stage, stage != next {
            reasons.append("What waits for approval is `\(next)`, not `\(stage)`.")
        } else if state.verdict?.decision != .promote {
            reasons.append("There is nothing to approve yet: \(RolloutHold.evidence(reason: state.verdict?.reason))")
        } else if state.kill != nil || state.latch != nil {
            reasons.append("There is nothing to approve: the rollout was stopped.")
        } else if !demands.contains(where: { $0.role == person.role }) {
            reasons.append(
                demands.isEmpty
                    ? "The next step asks for no approval."
                    : "The next step asks for \(demands.map(\.description).joined(separator: ", ")), not for `\(person.role)`.")
        } else if person.identity == state.requestedBy?.identity {
            reasons.append("Whoever asked for the step can't approve it.")
        } else if state.approvals.contains(where: { $0.identity == person.identity }) {
            reasons.append("\(person.name) has approved already.")
        } else if !approvalsMissing.contains(where: { $0.role == person.role }) {
            // Taken, it would leave its giver no word for another role.
            let missing = approvalsMissing.map(\.description).joined(separator: ", ")
            reasons.append("`\(person.role)` has approved already; \(missing.isEmpty ? "nothing" : missing) is missing.")
        }
        if !reasons.isEmpty { return refusal("approve", person, reasons) }
        state.approvals.append(person)
        let missing = approvalsMissing.map(\.description).joined(separator: ", ")
        let facts = ["next": next, "missing": missing.isEmpty ? "none" : missing]
        return [.audit(AuditedAction("approved", by: person, details(facts)))]
    }

    /// The one place where the share rises.
    mutating func advanceIfNothingHolds(_ now: Instant) -> [RolloutAction] {
        guard state.step < plan.lastStep, isAutomatic && !state.isOverdue || state.requestedBy != nil, holds(at: now).isEmpty
        else { return [] }
        let before = title
        var facts = [
            "from": before, "evidence": state.verdict?.reason ?? "", "try": "\(state.stage.attempt)",
            "candidate": state.verdict?.basis.candidateBuild ?? "", "rules": state.verdict?.basis.rules ?? "",
        ]
        if !state.approvals.isEmpty { facts["approved-by"] = state.approvals.map(\.description).joined(separator: ", ") }
        let person = state.requestedBy
        state.step += 1
        let begin = beginTry(now)
        facts["to"] = title
        return [
            .audit(AuditedAction("promoted", by: person, facts)), .place, begin,
            .notice(RolloutNotice(.information, "\(plan.name): \(before) is over, \(title) begins.")),
        ]
    }

    mutating func retire(_ person: Person, _ reason: String, _ now: Instant) -> [RolloutAction] {
        if state.step != plan.lastStep {
            return refusal("retire", person, ["The legacy still answers somebody: the rollout is at \(title)."])
        }
        state.requestedBy = person
        var reasons = holds(at: now).map(\.description)
        state.requestedBy = nil
        if !reasons.isEmpty {
            if state.approvals.contains(where: { $0.identity == person.identity }) {
                reasons.append("\(person.name) has approved it, and whoever orders it does not count among those.")
            }
            return refusal("retire", person, reasons)
        }
        let facts = ["reason": reason, "approved-by": state.approvals.map(\.description).joined(separator: ", ")]
        state.isRetired = true
        return [
            .audit(AuditedAction("retired", by: person, details(facts))), .retire,
            .notice(
                RolloutNotice(.warning, "\(plan.name): the legacy is retired and no longer compared, by \(person): \(reason).")),
        ]
    }

    func refusal(_ wish: String, _ person: Person, _ reasons: [String]) -> [RolloutAction] {
        let text = reasons.joined(separator: " ")
        return [.audit(AuditedAction("\(wish)-refused", by: person, details(["reason": text]))), .refuse(text)]
    }

    func details(_ more: [String: String]) -> [String: String] {
        more.merging(["plan": plan.name, "stage": title, "try": "\(state.stage.attempt)"]) { given, _ in given }
    }
}
