package import RuleFiles

/// Every key of a policy file. docs/ci.md has a row for each.
package enum PolicyKeys {
    package static let top = SectionKeys(
        "", ["runs", "compared", "mismatches", "coverage", "proof", "limits", "inconclusive"])
    package static let runs = SectionKeys("runs", ["required", "age-max", "same-candidate", "candidate-build"])
    package static let required = SectionKeys(
        "runs.required[]", ["kind", "name", "compared-min", "strength-min", "coverage-min"])
    package static let compared = SectionKeys(
        "compared", ["run-min", "operation-min", "operations", "dimension-value-min", "dimensions"])
    package static let mismatches = SectionKeys(
        "mismatches",
        ["allowed-max", "rate-max", "operation-rate-max", "operations", "confidence", "critical-operations", "critical-paths"])
    package static let coverage = SectionKeys("coverage", ["strength-min", "percent-min"])
    package static let proof = SectionKeys("proof", ["self-test", "positive-control", "faults-min", "killed-min"])
    package static let limits = SectionKeys("limits", ["flaky-max", "errors-max", "not-run-max", "excused-max"])

    /// As docs/ci.md writes them.
    package static let paths: [String] = [top, runs, required, compared, mismatches, coverage, proof, limits].flatMap { section in
        section.keys.map { section.name.isEmpty ? $0 : "\(section.name).\($0)" }
    }
}
