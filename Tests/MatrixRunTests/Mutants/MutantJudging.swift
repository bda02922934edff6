import RunRecords

@testable import MatrixRun

/// A side that did not answer counts as one that agreed.
struct TimeoutIsMatch: CaseClassifying {
    func classify(_ findings: RowFindings) -> CaseClass {
        var findings = findings
        findings.unanswered = []
        return ThreeWayClassifying().classify(findings)
    }
}

/// What the rules say is not looked at when the sides agree.
struct AgreementIsTruth: CaseClassifying {
    func classify(_ findings: RowFindings) -> CaseClass {
        findings.between.isEmpty && findings.unanswered.isEmpty ? .agree : ThreeWayClassifying().classify(findings)
    }
}

/// An exception for everything.
struct WildcardException: QuirkExcusing {
    func excuse(_ findings: RowFindings, dimensions: [(dimension: String, value: String)]) -> Excuse { .excused("$..*") }
    var remarks: [String] { [] }
}

/// Every difference is the legacy's fault.
struct BlamesLegacy: CaseClassifying {
    func classify(_ findings: RowFindings) -> CaseClass {
        let outcome = ThreeWayClassifying().classify(findings)
        return outcome == .candidateWrong ? .legacyQuirk : outcome
    }
}
