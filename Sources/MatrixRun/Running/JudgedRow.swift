/// A row with its verdict, and what the verdict rests on.
public struct JudgedRow: Sendable {
    public var planned: PlannedRow
    public var evidence: RowEvidence
    public var verdict: RowVerdict

    public init(planned: PlannedRow, evidence: RowEvidence, verdict: RowVerdict) {
        self.planned = planned
        self.evidence = evidence
        self.verdict = verdict
    }
}
