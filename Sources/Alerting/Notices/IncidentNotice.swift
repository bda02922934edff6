import Comparison
import Foundation
import Verdicts

/// What a receiver is told when an incident opens, before it is written in the receiver's format.
struct IncidentNotice {
    let incident: Incident
    /// What opened it; nil for a warning.
    let evidence: Evidence?
    let commands: ReproducingCommand?
    /// When it happened, microseconds since 1970.
    let at: Int64
    private let warning: String?

    init(incident: Incident, evidence: Evidence, settings: AlertSettings) {
        self.incident = incident
        self.evidence = evidence
        self.commands = ReproducingCommand(evidence: evidence, settings: settings)
        at = evidence.recordedAtMicroseconds
        warning = nil
    }

    init(warning incident: Incident, cause: String) {
        self.incident = incident
        evidence = nil
        commands = nil
        at = incident.lastSeen
        warning = cause
    }

    func body(for format: AlertFormat) -> String {
        switch format {
        case .generic: GenericNotice(self).json
        case .slack: SlackNotice(self).json
        }
    }

    /// One line for lists and lock screens.
    var summary: String {
        if let warning { return "\(incident.operation): \(warning)" }
        return switch incident.kind {
        case Trouble.mismatch.rawValue: "\(incident.operation): \(incident.path.isEmpty ? "answers" : incident.path) differs"
        case Trouble.diverged.rawValue: "\(incident.operation): a write could not be caught up on the \(shadowSide)"
        case Trouble.shadowTimeout.rawValue: "\(incident.operation): \(shadowSide) does not answer in time"
        default: "\(incident.operation): \(shadowSide) fails"
        }
    }

    private var shadowSide: String {
        evidence?.primary?.side.other.rawValue ?? evidence?.shadow?.side.rawValue ?? Side.candidate.rawValue
    }

    static func timestamp(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(microseconds / 1_000_000))
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(separator: .omitted))
    }
}
