/// Something that must hold of one side's answers to a row, whatever the other side and the rules' table say.
public struct Invariant: Sendable {
    public let name: String
    /// As the file writes it.
    public let text: String

    /// Which of an answer's states count, for invariants that are asked of one answer.
    enum Statuses: Sendable, Hashable {
        case success
        case listed(Set<Int>)
        case any

        func contains(_ status: Int) -> Bool {
            switch self {
            case .success: (200..<300).contains(status)
            case .listed(let list): list.contains(status)
            case .any: true
            }
        }
    }

    let expression: InvariantExpression
    /// The labels for which `$` stands; nil for one about the whole transcript.
    let labels: [String]?
    let statuses: Statuses
    let condition: Condition?
    /// Of the parameters that a condition asks for: their values, in order.
    let parameters: [SuiteParameter]

    /// A sentence for each time that it is broken: `gross = net + taxes: payout: 5479 ≠ 4700 + 760 + 18`. What it asks for and does not
    /// find breaks it too.
    public func violations(in transcript: SideTranscript, of plan: CasePlan) -> [String] {
        violations(TranscriptReading(transcript, of: plan), of: plan)
    }

    func violations(_ reading: TranscriptReading, of plan: CasePlan) -> [String] {
        guard isAsked(of: plan) else { return [] }
        guard let labels else { return violation(reading, label: nil).map { ["\(name): \($0)"] } ?? [] }
        return labels.compactMap { label in
            guard let status = reading.status(label), statuses.contains(status) else { return nil }
            return violation(reading, label: label).map { "\(name): \(label): \($0)" }
        }
    }

    private func violation(_ reading: TranscriptReading, label: String?) -> String? {
        let evaluation = InvariantEvaluation(reading: reading, current: label)
        do throws(InvariantFault) {
            return try evaluation.holds(expression) ? nil : InvariantWords.explain(expression, wanted: true, evaluation)
        } catch {
            return error.sentence
        }
    }

    /// Whether the row is one that `when` asks for.
    private func isAsked(of plan: CasePlan) -> Bool {
        guard let condition else { return true }
        let row = zip(parameters, plan.choices).map { parameter, text in parameter.texts.firstIndex(of: text) ?? 0 }
        return condition.holds(RowValues(parameters: [], row: row, id: plan.id))
    }
}

extension Suite {
    /// The sentences of all invariants that one side's answers break, in the file's order.
    public func violations(in transcript: SideTranscript, of plan: CasePlan) -> [String] {
        let reading = TranscriptReading(transcript, of: plan)
        return invariants.flatMap { $0.violations(reading, of: plan) }
    }
}
