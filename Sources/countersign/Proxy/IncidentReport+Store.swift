import Alerting
import Foundation
import Reports
import Verdicts

extension IncidentReport {
    /// The latest 200 incidents of a store with their samples, the gravest first.
    static func all(in store: some SQLStore, plan: PlanSummary) async throws -> [IncidentReport] {
        var reports: [IncidentReport] = []
        for incident in try await AlertBook(store: store).incidents(limit: 200) {
            let sample = try await EvidenceReader.fetch(id: incident.sampleEvidence, in: store).map { evidence in
                IncidentSample(evidence, reproduce: reproduction(of: evidence, plan))
            }
            reports.append(
                IncidentReport(
                    fingerprint: incident.fingerprint, operation: incident.operation, kind: incident.kind,
                    path: incident.path.isEmpty ? "answer" : incident.path, severity: incident.severity, count: incident.count,
                    cascades: incident.cascades, firstSeen: date(incident.firstSeen), lastSeen: date(incident.lastSeen),
                    sample: sample))
        }
        return reports.sorted { ($0.severity, $0.count) > ($1.severity, $1.count) }
    }

    private static func reproduction(of evidence: Evidence, _ plan: PlanSummary) -> String {
        let command = ReproducingCommand(
            evidence: evidence, settings: AlertSettings(channels: [], legacyURL: plan.legacy, candidateURL: plan.candidate))
        return [command.legacy, command.candidate].compactMap { $0 }.joined(separator: "\n")
    }

    private static func date(_ microseconds: Int64) -> Date {
        Date(timeIntervalSince1970: TimeInterval(microseconds / 1_000_000))
    }
}
