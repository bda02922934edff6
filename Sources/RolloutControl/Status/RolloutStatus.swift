internal import Foundation
public import Migration

/// All that is to be known of a rollout at one moment, as the admin port says it. Instants are RFC 3339.
public struct RolloutStatus: Sendable, Codable, Hashable {
    /// Of this form. A reader refuses a newer one.
    public static let schema = 1

    public struct Audience: Sendable, Codable, Hashable {
        public var name: String
        /// Of the candidate, in thousandths of a per cent.
        public var candidate: Int
    }

    public struct Kill: Sendable, Codable, Hashable {
        public var by: String
        public var reason: String
        public var at: String?
        /// Who has asked for its release.
        public var releases: [String]
    }

    public struct Stop: Sendable, Codable, Hashable {
        public var reason: String
        public var at: String
    }

    public var schema: Int
    public var plan: String
    /// `shadow`, `staff 90/10`
    public var stage: String
    /// What comes next; nil at the last stage.
    public var next: String?
    public var attempt: Int
    public var since: String
    public var audiences: [Audience]
    public var isAutomatic: Bool
    public var isRetired: Bool
    public var verdict: EvidenceVerdict?
    /// Everything that keeps the next stage back, as sentences; empty when it may begin.
    public var holds: [String]
    public var requestedBy: String?
    public var approvals: [String]
    public var approvalsMissing: [ApprovalDemand]
    public var kill: Kill?
    public var latch: Stop?
    public var pause: Stop?
    public var handOvers: HandOverStanding
    /// Requests by the reason of their placement, since the proxy's start.
    public var placements: [String: Int]
    public var controls: ControlFigures
    /// Outcomes that came to nothing for want of room; matches only.
    public var outcomesDropped: Int
    public var head: AuditHead
    /// The list of keys of the last rollback or kill, in the state folder; nil before the first.
    public var keysFile: String?
    public var isShared: Bool
    /// Whether this proxy gathers the evidence for all of them.
    public var isLeader: Bool
    public var awaySince: String?
    /// What is wrong now, as sentences.
    public var troubles: [String]

    /// Whether one more stage may begin now, but for the request itself.
    public var mayMove: Bool { holds.isEmpty }
}

extension RolloutController {
    public func status() async -> RolloutStatus {
        // Waited for first: what follows is of one moment.
        let handOvers = await plane.standing()
        let state = document.state
        let plan = setup.plan
        let rollout = try? rules.rollout(document)
        // A stage that has just begun has evidence of its own, be it none yet: while it begins, the keeper still has that of the last one.
        let verdict = keeper?.evidence.stage == state.stage ? keeper?.verdict() : state.verdict
        var placements: [String: Int] = [:]
        for reason in PlacementDecision.Reason.allCases { placements[reason.name] = findings.counts[reason] }
        return RolloutStatus(
            schema: RolloutStatus.schema, plan: plan.name, stage: plan.title(of: state.step),
            next: state.step < plan.lastStep ? plan.title(of: state.step + 1) : nil, attempt: state.stage.attempt,
            since: state.enteredAt.description,
            audiences: zip(plan.audiences, rules.placement(document).shares).map {
                RolloutStatus.Audience(name: $0.name, candidate: state.kill == nil ? $1.thousandths : 0)
            }, isAutomatic: setup.isAutomatic, isRetired: state.isRetired, verdict: verdict,
            holds: rollout?.holds(at: now()).map(\.description) ?? [], requestedBy: state.requestedBy?.description,
            approvals: state.approvals.map(\.description), approvalsMissing: rollout?.approvalsMissing ?? [],
            kill: state.kill.map { kill in
                RolloutStatus.Kill(
                    by: kill.thrownBy, reason: kill.reason, at: kill.at?.description, releases: kill.releases.map(\.name))
            },
            latch: state.latch.map { RolloutStatus.Stop(reason: $0.reason, at: $0.at.description) },
            pause: state.pause.map { RolloutStatus.Stop(reason: $0.reason, at: $0.at.description) }, handOvers: handOvers,
            placements: placements, controls: findings.controls, outcomesDropped: droppedOutcomes + share.dropped,
            head: disk.head,
            keysFile: record.stopListed > 0 ? AffectedKeys.name(sequence: record.stopListed) : nil, isShared: exchange != nil,
            isLeader: share.term != nil && isJudge, awaySince: share.awaySince?.description, troubles: troubles.values.sorted())
    }

    /// The entries of the audit log with a sequence above `sequence`, the oldest first.
    public nonisolated func history(after sequence: Int, limit: Int) throws -> [AuditEntry] {
        let path = setup.folder + "/" + RolloutFolder.auditName
        return Array(try AuditVerification.entries(path: path).drop { $0.sequence <= sequence }.prefix(limit))
    }

    /// The keys that the candidate has written and that are noted now, the oldest first.
    public func writtenKeys() async throws -> [WrittenKey] { try await plane.writtenKeys() }
}
