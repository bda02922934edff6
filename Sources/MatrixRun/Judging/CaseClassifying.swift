public import RunRecords

/// Gives a row its class. A seam like ``RowComparing``.
public protocol CaseClassifying: Sendable {
    func classify(_ findings: RowFindings) -> CaseClass
}

/// The table of classes:
///
/// | legacy is wrong | candidate is wrong | class |
/// | --- | --- | --- |
/// | no | no | agree |
/// | no | yes | candidate wrong |
/// | yes | no | legacy quirk |
/// | yes | yes | both wrong |
///
/// A side is wrong when it departs from the rules or breaks an invariant. A difference between the sides about which the rules say
/// nothing is the candidate's (the legacy is what it is held against), unless the legacy breaks an invariant. Whoever did not answer
/// leaves the row without a verdict.
public struct ThreeWayClassifying: CaseClassifying {
    public init() {}

    public func classify(_ findings: RowFindings) -> CaseClass {
        guard findings.unanswered.isEmpty else { return .error }
        let legacyIsWrong = !findings.legacy.isEmpty || !findings.legacyViolations.isEmpty
        let candidateIsWrong =
            !findings.candidate.isEmpty || !findings.candidateViolations.isEmpty
            || (findings.legacyViolations.isEmpty && !findings.unexplained.isEmpty)
        return switch (legacyIsWrong, candidateIsWrong) {
        case (false, false): .agree
        case (false, true): .candidateWrong
        case (true, false): .legacyQuirk
        case (true, true): .bothWrong
        }
    }
}
