import Comparison
import NIOCore

/// Lends two answers to the comparator, without a copy of a body.
struct AnswerComparator: ~Copyable {
    private var comparator = Comparator()

    mutating func compare(_ primary: SideAnswer, _ shadow: SideAnswer, rules: ResponseRules) -> ComparisonOutcome {
        primary.withView(headers: rules.headers) { primaryView in
            shadow.withView(headers: rules.headers) { shadowView in
                comparator.compare(primary: primaryView, shadow: shadowView, rules: rules)
            }
        }
    }
}
