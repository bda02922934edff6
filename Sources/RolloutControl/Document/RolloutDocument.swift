internal import Foundation
public import Migration

/// All of a rollout that its proxies agree on: its state, and how far the audit log goes that tells of it. Written as one piece.
public struct RolloutDocument: Sendable, Hashable, Codable {
    /// Rises by one with each change.
    public var version: Int64
    public var state: RolloutState
    /// Of the audit log, this document's own entries included.
    public var head: AuditHead
    /// How many times the written keys were to go back.
    public var returns: Int
    /// The entry of the last rollback or kill; 0 before the first.
    public var stopSequence: Int
    /// The kill switch that was released last: a file of it that turns up again is old, and throws nothing.
    public var releasedKill: KillSwitch?

    public init(
        version: Int64, state: RolloutState, head: AuditHead, returns: Int = 0, stopSequence: Int = 0,
        releasedKill: KillSwitch? = nil
    ) {
        self.version = version
        self.state = state
        self.head = head
        self.returns = returns
        self.stopSequence = stopSequence
        self.releasedKill = releasedKill
    }
}

/// What one event makes of a document. Nothing of it has happened yet.
public struct DocumentStep: Sendable {
    public var document: RolloutDocument
    /// For the audit log, in their order.
    public var lines: [AuditLine]
    public var actions: [RolloutAction]

    /// Whether it takes share away, so that the lanes must obey before anything is written.
    var lowers: Bool {
        for action in actions {
            switch action {
            case .place: return true
            case .audit, .retire: return false
            default: continue
            }
        }
        return false
    }

    var refusal: String? {
        for case .refuse(let reason) in actions { return reason }
        return nil
    }
}

/// A plan, and how events change a document under it. A value without a clock or a disk: proxies that share a store each make the
/// step inside of the store's own transaction.
public struct RolloutRules: Sendable {
    public let plan: RolloutPlan
    public let isAutomatic: Bool

    public init(plan: RolloutPlan, isAutomatic: Bool) {
        self.plan = plan
        self.isAutomatic = isAutomatic
    }

    /// In the shadow, with an empty log.
    public func first(at now: Instant) -> RolloutDocument {
        RolloutDocument(
            version: 1, state: Rollout(plan: plan, isAutomatic: isAutomatic, at: now).state, head: .empty)
    }

    /// - Throws: `RolloutError` when the document is of another plan or ladder.
    public func rollout(_ document: RolloutDocument) throws(RolloutError) -> Rollout {
        try Rollout(plan: plan, isAutomatic: isAutomatic, state: document.state)
    }

    public func placement(_ document: RolloutDocument) -> PlacementTable {
        PlacementTable(plan: plan, step: document.state.step, isKilled: document.state.kill != nil)
    }

    /// - Parameter facts: Added to the entry of a rollback or kill: how many keys the candidate had written, and the digest of their list.
    public func step(
        _ event: RolloutEvent, on document: RolloutDocument, facts: [String: String] = [:], at now: Instant
    ) throws -> DocumentStep {
        var rollout = try rollout(document)
        let actions = rollout.handle(event, at: now)
        var next = document
        next.state = rollout.state
        var lines: [AuditLine] = []
        for action in actions {
            switch action {
            case .audit(var entry):
                let isStop = entry.action == "rolled-back" || entry.action == "killed"
                if isStop { entry.details.merge(facts) { own, _ in own } }
                let line = try AuditLine(entry, after: next.head, at: now)
                next.head = line.head
                if isStop { next.stopSequence = line.head.sequence }
                lines.append(line)
            case .returnWrittenKeys: next.returns += 1
            default: continue
            }
        }
        if let kill = document.state.kill, next.state.kill == nil { next.releasedKill = kill }
        if next != document { next.version += 1 }
        return DocumentStep(document: next, lines: lines, actions: actions)
    }
}
