import CaseMatrix
import Comparison
import RunRecords

/// Turns a row's findings into its verdict: class, places with the values of all three, a title.
struct VerdictWording {
    let plan: CasePlan
    let suiteName: String
    let findings: RowFindings
    let answers: [RowVerdict.AnswerOutcome]

    func verdict(_ judgement: Judgement, dimensions: [(dimension: String, value: String)]) -> RowVerdict {
        var outcome = judgement.classifying.classify(findings)
        var note = findings.unanswered.isEmpty ? nil : findings.unanswered.joined(separator: " ")
        if outcome == .legacyQuirk {
            switch judgement.excusing.excuse(findings, dimensions: dimensions) {
            case .excused(let reason):
                outcome = .excused
                note = reason
            case .not(let why): note = why
            }
        }
        let differences = differences
        let violations =
            findings.legacyViolations.map { "legacy: \($0.sentence)" }
            + findings.candidateViolations.map { "candidate: \($0.sentence)" }
        let first = first
        let isStep = first.map { finding in plan.steps.contains { $0.calls.contains { $0.label == finding.label } } } ?? false
        return RowVerdict(
            outcome: outcome, operation: isStep ? first?.operation ?? suiteName : suiteName,
            title: title(outcome, differences, violations, note), differences: differences, violations: violations,
            note: note, signature: signature, answers: answers)
    }

    private var all: [AnswerFinding] { findings.between + findings.legacy + findings.candidate }

    /// Of the answers with findings the one that was asked for first.
    private var first: AnswerFinding? {
        let order = plan.steps.flatMap(\.calls).map(\.label) + plan.readBack.map(\.label)
        let places = Dictionary(zip(order, order.indices), uniquingKeysWith: { first, _ in first })
        return all.min { places[$0.label, default: .max] < places[$1.label, default: .max] }
    }

    private var signature: FailureSignature {
        let invariants =
            findings.legacyViolations.map { "legacy: \($0.name)" } + findings.candidateViolations.map { "candidate: \($0.name)" }
        guard let first else { return FailureSignature(operation: suiteName, invariants: Set(invariants)) }
        return FailureSignature(
            operation: first.operation,
            paths: Set(all.filter { $0.place == first.place }.map { $0.difference.genericPath }),
            invariants: Set(invariants), places: Set(all.map { "\($0.operation) \($0.difference.genericPath)" }))
    }

    private func title(
        _ outcome: CaseClass, _ differences: [CaseDifference], _ violations: [String], _ note: String?
    ) -> String {
        if outcome == .error { return note ?? "no answer" }
        if let first = differences.first {
            let more = differences.count - 1
            let path = first.path == "$" ? "the body" : first.path
            return "\(first.answer): \(path) differs" + (more > 0 ? " (and \(more) more)" : "")
        }
        return violations.first ?? outcome.rawValue
    }

    private struct Place: Hashable {
        var label: String
        var path: String
    }

    /// One for each place, with what legacy, candidate and the rules have there, in the order of the calls.
    private var differences: [CaseDifference] {
        var order: [Place] = []
        var found: [Place: CaseDifference] = [:]
        func add(_ finding: AnswerFinding, _ fill: (inout CaseDifference, Difference) -> Void) {
            let difference = finding.difference
            let place = Place(label: finding.label, path: difference.path)
            if found[place] == nil { order.append(place) }
            var entry =
                found[place]
                ?? CaseDifference(
                    answer: finding.label, path: difference.path, kind: difference.kind.rawValue, legacy: nil, candidate: nil,
                    expected: nil, critical: false)
            entry.critical = entry.critical || difference.severity == .critical
            fill(&entry, difference)
            found[place] = entry
        }
        for finding in findings.between {
            add(finding) { entry, difference in
                entry.legacy = difference.primary
                entry.candidate = difference.shadow
            }
        }
        let between = Set(found.keys)
        // Where the sides do not differ, whoever keeps to the rules has the rules' value.
        let candidates = Set(findings.candidate.map { Place(label: $0.label, path: $0.difference.path) })
        for finding in findings.legacy {
            let place = Place(label: finding.label, path: finding.difference.path)
            add(finding) { entry, difference in
                entry.expected = difference.primary
                guard !between.contains(place) else { return }
                entry.legacy = difference.shadow
                if !candidates.contains(place) { entry.candidate = difference.primary }
            }
        }
        let legacies = Set(findings.legacy.map { Place(label: $0.label, path: $0.difference.path) })
        for finding in findings.candidate {
            let place = Place(label: finding.label, path: finding.difference.path)
            add(finding) { entry, difference in
                entry.expected = difference.primary
                guard !between.contains(place) else { return }
                entry.candidate = difference.shadow
                if !legacies.contains(place) { entry.legacy = difference.primary }
            }
        }
        let labels = plan.steps.flatMap(\.calls).map(\.label) + plan.readBack.map(\.label)
        return labels.flatMap { label in order.filter { $0.label == label }.compactMap { found[$0] } }
    }
}
