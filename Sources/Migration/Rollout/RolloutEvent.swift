/// What can happen to a rollout. The time is handed in beside it.
public enum RolloutEvent: Sendable, Hashable {
    /// What the evidence says now; one of another stage or try than the present is out of date and changes nothing.
    case verdict(EvidenceVerdict)
    /// The candidate's build, the comparison rules or the promotion policy are others than those the evidence was gathered under.
    case evidenceVoided(reason: String)
    case promotionRequested(by: Person)
    /// The stage is what the person means to approve; nil: whatever is next.
    case approved(by: Person, stage: String? = nil)
    case pause(by: Person, reason: String)
    /// After a pause, and after a rollback has latched.
    case resume(by: Person, reason: String)
    case freezeBegan(name: String)
    case freezeEnded(name: String)
    case rollback(RollbackTrigger)
    case kill(by: Person, reason: String)
    /// Of the kill switch: one person's word; it takes two.
    case release(by: Person)
    /// Time went by: a minimum may have passed, a maximum may have been reached. A few times a minute is often enough.
    case timePassed
    /// The legacy is no longer compared. Only at the last step.
    case retire(by: Person, reason: String)
}

/// What the owner of a rollout is to do, in this order.
///
/// What raises the share, or ends the comparison, comes after its audit entry: an entry that can't be written must stop it. What takes
/// the share away comes before its entry: a full disk must never keep traffic on a candidate that is wrong.
public enum RolloutAction: Sendable, Hashable, Codable {
    /// Hand ``Rollout/placement`` to every lane.
    case place
    /// Empty the ledger of written keys: each key of it goes back to the legacy by hand-over.
    case returnWrittenKeys
    /// Begin gathering evidence for this stage and try, with nothing gathered so far.
    case beginEvidence(StageAttempt)
    case audit(AuditedAction)
    case notice(RolloutNotice)
    /// Ask these roles to approve the step; they have what it takes to decide in the verdict.
    case askApproval(step: Int, missing: [ApprovalDemand])
    /// Answer whoever asked: it was not done, and why. One or several sentences.
    case refuse(String)
    /// Stop comparing with the legacy: the rollout is over.
    case retire
}

/// One line for the audit log, but for what the log itself adds.
public struct AuditedAction: Sendable, Hashable, Codable {
    public var action: String
    /// Nil when nobody but the rollout itself did it.
    public var person: Person?
    public var details: [String: String]

    public init(_ action: String, by person: Person? = nil, _ details: [String: String] = [:]) {
        self.action = action
        self.person = person
        self.details = details
    }
}

/// For those who look after the migration. Whoever sends it adds the audit log's head.
public struct RolloutNotice: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable { case information, warning, critical }

    public var severity: Severity
    public var text: String

    public init(_ severity: Severity, _ text: String) {
        self.severity = severity
        self.text = text
    }
}
