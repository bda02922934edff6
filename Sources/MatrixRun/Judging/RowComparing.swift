public import CaseMatrix
public import Comparison

/// Compares two answers. A seam, so that a comparison which does not see is shown to be caught (by the self-test and the positive
/// control): what judges the rows is what is tested.
public protocol RowComparing: Sendable {
    /// What no rule forgives, `primary` being the first answer's value and `shadow` the second's.
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference]
}

/// The comparison of the proxy.
public struct ExactComparing: RowComparing {
    public init() {}

    public func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] {
        if legacy.status == candidate.status, legacy.body == candidate.body { return [] }
        var comparator = Comparator()
        return view(of: legacy) { legacy in
            view(of: candidate) { candidate in
                comparator.compare(primary: legacy, shadow: candidate, rules: rules).differences.filter { !$0.tolerated }
            }
        }
    }

    private func view<Result>(of answer: SideTranscript.Answer, _ body: (AnswerView) -> Result) -> Result {
        answer.body.withUnsafeBytes { bytes in
            guard let type = answer.contentType else {
                return body(AnswerView(status: answer.status, contentType: nil, body: bytes))
            }
            return Array(type.utf8).withUnsafeBytes { type in
                body(AnswerView(status: answer.status, contentType: type, body: bytes))
            }
        }
    }
}
