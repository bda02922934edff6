import Comparison
import Foundation
import Verdicts

/// What a receiver is told when an incident opens, before it is written in the receiver's format.
struct IncidentNotice {
    let incident: Incident
    let evidence: Evidence
    let commands: ReproducingCommand

    init(incident: Incident, evidence: Evidence, settings: AlertSettings) {
        self.incident = incident
        self.evidence = evidence
        self.commands = ReproducingCommand(evidence: evidence, settings: settings)
    }

    func body(for format: AlertFormat) -> String {
        switch format {
        case .generic: GenericNotice(self).json
        case .slack: SlackNotice(self).json
        }
    }

    /// One line for lists and lock screens.
    var summary: String {
        switch incident.kind {
        case Trouble.mismatch.rawValue: "\(incident.operation): \(incident.path.isEmpty ? "answers" : incident.path) differs"
        case Trouble.diverged.rawValue: "\(incident.operation): a write could not be caught up on the \(shadowSide)"
        case Trouble.shadowTimeout.rawValue: "\(incident.operation): \(shadowSide) does not answer in time"
        default: "\(incident.operation): \(shadowSide) fails"
        }
    }

    private var shadowSide: String {
        evidence.primary?.side.other.rawValue ?? evidence.shadow?.side.rawValue ?? Side.candidate.rawValue
    }

    static func timestamp(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(microseconds / 1_000_000))
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(separator: .omitted))
    }
}
