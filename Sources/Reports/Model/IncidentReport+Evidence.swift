public import Comparison
public import Verdicts

extension IncidentSample {
    /// Takes what a report shows out of kept evidence. `reproduce` is the command line that shows it again.
    public init(_ evidence: Evidence, reproduce: String) {
        let primarySide = evidence.primary?.side ?? evidence.shadow?.side.other ?? .legacy
        let legacy = primarySide == .legacy ? evidence.primary : evidence.shadow
        let candidate = primarySide == .legacy ? evidence.shadow : evidence.primary
        self.init(
            evidenceID: evidence.id, method: evidence.request.method, target: evidence.request.target, keys: evidence.keys,
            instant: evidence.request.instant, cause: evidence.cause, legacyStatus: legacy?.status,
            candidateStatus: candidate?.status,
            differences: evidence.differences.map { ReportedDifference($0, primarySide: primarySide) }, reproduce: reproduce)
    }
}

extension ReportedDifference {
    /// Turns primary and shadow into legacy and candidate.
    public init(_ difference: Difference, primarySide: Side) {
        let (legacy, candidate) =
            primarySide == .legacy ? (difference.primary, difference.shadow) : (difference.shadow, difference.primary)
        self.init(
            path: difference.path, kind: difference.kind, severity: difference.severity, tolerated: difference.tolerated,
            legacy: legacy, candidate: candidate)
    }
}
