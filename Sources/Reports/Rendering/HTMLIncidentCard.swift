import Comparison
import Foundation

/// One incident as the template shows it.
struct HTMLIncidentCard {
    /// One side by side line; the marked parts are where the values part.
    struct Contrast {
        var path: String
        var kind: String
        var severity: String
        var tolerated: Bool
        var legacy: Value
        var candidate: Value
    }

    struct Value {
        var absent: Bool
        var head: String = ""
        var middle: String = ""
        var tail: String = ""
    }

    var operation: String
    var kind: String
    var path: String
    var severity: String
    var count: String
    var cascades: String
    var hasCascades: Bool
    var firstSeen: String
    var lastSeen: String
    var fingerprint: String
    var hasSample: Bool
    var request: String
    var keys: String
    var hasKeys: Bool
    var instant: String
    var cause: String
    var hasCause: Bool
    var legacyStatus: String
    var candidateStatus: String
    var contrasts: [Contrast]
    var hasContrasts: Bool
    var reproduce: String
    var replay: String

    init(_ incident: IncidentReport) {
        operation = ReportText.visible(incident.operation)
        kind = ReportText.visible(incident.kind)
        path = ReportText.visible(incident.path)
        severity = incident.severity.rawValue
        count = ReportText.number(incident.count)
        cascades = ReportText.number(incident.cascades)
        hasCascades = incident.cascades > 0
        firstSeen = ReportText.time(incident.firstSeen)
        lastSeen = ReportText.time(incident.lastSeen)
        fingerprint = ReportText.visible(incident.fingerprint)
        let sample = incident.sample
        hasSample = sample != nil
        request = ReportText.visible(sample.map { "\($0.method) \($0.target)" } ?? "")
        keys = ReportText.visible(sample?.keys.joined(separator: ", ") ?? "")
        hasKeys = sample?.keys.isEmpty == false
        instant = ReportText.visible(sample?.instant ?? "")
        cause = ReportText.visible(sample?.cause ?? "")
        hasCause = sample?.cause != nil
        legacyStatus = sample?.legacyStatus.map(String.init) ?? "no answer"
        candidateStatus = sample?.candidateStatus.map(String.init) ?? "no answer"
        contrasts = sample?.differences.map(Contrast.init) ?? []
        hasContrasts = !contrasts.isEmpty
        reproduce = ReportText.visible(sample?.reproduce ?? "")
        replay = ReportText.visible(sample.map { "countersign replay \($0.evidenceID)" } ?? "")
    }
}

extension HTMLIncidentCard.Contrast {
    init(_ difference: ReportedDifference) {
        path = ReportText.visible(difference.path)
        kind = difference.kind.wording
        severity = difference.severity.rawValue
        tolerated = difference.tolerated
        switch (difference.legacy, difference.candidate) {
        case (let legacy?, let candidate?):
            let contrast = ValueContrast(legacy: ReportText.visible(legacy), candidate: ReportText.visible(candidate))
            self.legacy = HTMLIncidentCard.Value(
                absent: false, head: contrast.head, middle: contrast.legacy, tail: contrast.tail)
            self.candidate = HTMLIncidentCard.Value(
                absent: false, head: contrast.head, middle: contrast.candidate, tail: contrast.tail)
        case (let legacy, let candidate):
            self.legacy = HTMLIncidentCard.Value(absent: legacy == nil, middle: ReportText.visible(legacy ?? ""))
            self.candidate = HTMLIncidentCard.Value(absent: candidate == nil, middle: ReportText.visible(candidate ?? ""))
        }
    }
}

extension DifferenceKind {
    /// The kind in a reader's words.
    var wording: String {
        switch self {
        case .value: "other value"
        case .type: "other type"
        case .representation: "written differently"
        case .missing: "missing in the shadow"
        case .added: "added by the shadow"
        case .duplicateKey: "duplicate key"
        case .status: "other status"
        case .header: "other header"
        case .body: "other body"
        case .malformed: "malformed body"
        }
    }
}
