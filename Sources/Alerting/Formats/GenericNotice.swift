import Comparison
import Verdicts

/// The documented JSON of `docs/alerts.md`, schema 2: a CloudEvent 1.0 in structured mode, whose `type` and `timestamp` are those of Standard
/// Webhooks 1.0.
struct GenericNotice: Encodable {
    struct Standing: Encodable {
        let stage: String
        let audience: String
        let auditHead: String?
    }

    struct Heartbeat: Encodable { let intervalSeconds: Int64 }

    struct RolloutEvent: Encodable {
        let plan: String
        /// Whose mismatches are muted while it is open; empty: all.
        let operations: [String]
        let affectedKeys: Int?
    }

    struct IncidentPart: Encodable {
        let id: String
        let fingerprint: String
        let sequence: Int
        let step: String
        let kind: String
        let operation: String
        let severity: String
        let summary: String
        let path: String?
        let differenceKind: String?
        let legacy: String?
        let candidate: String?
        let count: Int
        let cascades: Int
        let openedAt: String
        let lastSeen: String
        let persistence: String?
        let cause: String?
        let cleanComparisons: Int?
        let resolvedAt: String?
        let resolvedBecause: String?
        let event: RolloutEvent?
        let evidence: IncidentExhibit.EvidencePart?
        let reproduce: IncidentExhibit.CommandPart?
    }

    struct Details: Encodable {
        let summary: String
        let group: String?
        /// The gravest first; the first five with their evidence.
        let incidents: [IncidentPart]
        let heartbeat: Heartbeat?
        let rollout: Standing?
    }

    let specversion = "1.0"
    let id: String
    let source = "countersign"
    let type: String
    let time: String
    let timestamp: String
    let subject: String?
    let datacontenttype = "application/json"
    let dataschema = "urn:countersign:notice:2"
    let data: Details

    init(_ notice: Notice) {
        id = notice.id
        type = notice.kind.name
        time = Notice.timestamp(notice.at)
        timestamp = time
        subject = notice.group.flatMap { $0.isEmpty ? nil : $0 }
        var heartbeat: Heartbeat?
        if case .heartbeat(let seconds) = notice.kind { heartbeat = Heartbeat(intervalSeconds: seconds) }
        data = Details(
            summary: notice.summary, group: notice.group,
            incidents: notice.items.enumerated().map { place, item in
                IncidentPart(item, isInFull: notice.kind != .digest && place < Notice.itemsInFull)
            }, heartbeat: heartbeat,
            rollout: notice.standing.map {
                Standing(stage: $0.stage, audience: $0.audience, auditHead: $0.auditHead)
            })
    }
}

extension GenericNotice.IncidentPart {
    init(_ item: Notice.Item, isInFull: Bool) {
        let incident = item.incident
        let isResolved = incident.life.state == .resolved && incident.rollout?.kind.staysOpen ?? true
        self.init(
            id: incident.id, fingerprint: incident.fingerprint, sequence: item.sequence, step: item.step.rawValue,
            kind: incident.kind, operation: incident.operation, severity: incident.severity.rawValue,
            summary: incident.summary, path: incident.path.isEmpty ? nil : incident.path,
            differenceKind: incident.differenceKind, legacy: incident.legacyValue, candidate: incident.candidateValue,
            count: incident.count, cascades: incident.cascades, openedAt: Notice.timestamp(incident.life.openedAt),
            lastSeen: Notice.timestamp(incident.lastSeen),
            persistence: incident.hasEvidence ? incident.persistence.rawValue : nil, cause: incident.cause,
            cleanComparisons: isResolved && incident.hasEvidence ? incident.life.clean : nil,
            resolvedAt: isResolved ? incident.life.resolvedAt.map(Notice.timestamp) : nil,
            resolvedBecause: isResolved ? incident.life.resolvedBecause : nil,
            event: incident.rollout.map {
                GenericNotice.RolloutEvent(plan: $0.plan, operations: $0.operations, affectedKeys: $0.affectedKeys)
            }, evidence: isInFull ? incident.exhibit?.evidence : nil, reproduce: isInFull ? incident.exhibit?.reproduce : nil)
    }
}
