import Comparison
import Foundation
import Verdicts

/// The documented JSON of `docs/alerts.md`, schema 1.
struct GenericNotice: Encodable {
    struct IncidentPart: Encodable {
        let id: String
        let fingerprint: String
        let kind: String
        let operation: String
        let severity: String
        let path: String?
        let differenceKind: String?
        let legacy: String?
        let candidate: String?
        let count: Int
        let firstSeen: String
        let persistence: String
        let cause: String?
    }

    struct DifferencePart: Encodable {
        let path: String
        let kind: String
        let severity: String
        let legacy: String?
        let candidate: String?
    }

    struct EvidencePart: Encodable {
        let id: String
        let method: String
        let target: String
        let keys: [String]
        let instant: String
        let legacyStatus: Int?
        let candidateStatus: Int?
        let differences: [DifferencePart]
        /// True when there are more than the twenty that stand here.
        let hasMoreDifferences: Bool
    }

    struct CommandPart: Encodable {
        let legacy: String?
        let candidate: String?
        let replay: String
    }

    let schema = 1
    let type: String
    let timestamp: String
    let summary: String
    let incident: IncidentPart?
    let evidence: EvidencePart?
    let reproduce: CommandPart?

    static let differencesMax = 20

    init(_ notice: IncidentNotice) {
        let incident = notice.incident
        type = "incident.opened"
        timestamp = IncidentNotice.timestamp(notice.at)
        summary = notice.summary
        self.incident = IncidentPart(
            id: incident.id, fingerprint: incident.fingerprint, kind: incident.kind, operation: incident.operation,
            severity: incident.severity.rawValue, path: incident.path.isEmpty ? nil : incident.path,
            differenceKind: incident.differenceKind, legacy: incident.legacyValue, candidate: incident.candidateValue,
            count: incident.count, firstSeen: IncidentNotice.timestamp(incident.firstSeen),
            persistence: incident.persistence.rawValue,
            cause: incident.cause)
        evidence = notice.evidence.map { EvidencePart($0) }
        reproduce = notice.evidence.map { evidence in
            CommandPart(
                legacy: notice.commands?.legacy, candidate: notice.commands?.candidate,
                replay: "countersign replay \(evidence.id)")
        }
    }

    /// A marked test.
    init(testAt microseconds: Int64) {
        type = "test"
        timestamp = IncidentNotice.timestamp(microseconds)
        summary = "This is a test of the alert channel; nothing is wrong."
        incident = nil
        evidence = nil
        reproduce = nil
    }

    var json: String { NoticeJSON.encode(self) }
}

enum NoticeJSON {
    static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and integers only: encoding them cannot fail; were it to, an empty object still reaches the channel.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension GenericNotice.EvidencePart {
    init(_ evidence: Evidence) {
        let primaryIsLegacy = (evidence.primary?.side ?? evidence.shadow?.side.other ?? .legacy) == .legacy
        let differences = evidence.differences.filter { !$0.tolerated }
        self.init(
            id: evidence.id, method: evidence.request.method, target: evidence.request.target, keys: evidence.keys,
            instant: evidence.request.instant,
            legacyStatus: primaryIsLegacy ? evidence.primary?.status : evidence.shadow?.status,
            candidateStatus: primaryIsLegacy ? evidence.shadow?.status : evidence.primary?.status,
            differences: differences.prefix(GenericNotice.differencesMax).map { difference in
                GenericNotice.DifferencePart(
                    path: difference.path, kind: difference.kind.rawValue, severity: difference.severity.rawValue,
                    legacy: primaryIsLegacy ? difference.primary : difference.shadow,
                    candidate: primaryIsLegacy ? difference.shadow : difference.primary)
            }, hasMoreDifferences: differences.count > GenericNotice.differencesMax)
    }
}
