import Comparison
import NIOCore

/// Lends two answers to the comparator, without a copy of a body.
struct AnswerComparator: ~Copyable {
    private var comparator = Comparator()

    /// - Parameter planted: a status in the place of the shadow's, for a positive control.
    mutating func compare(
        _ primary: borrowing SideAnswer, _ shadow: borrowing SideAnswer, by operation: CompiledOperation, planted: Int? = nil
    ) -> ComparisonOutcome {
        primary.withView(withHeaders: operation.comparesHeaders) { primaryView in
            shadow.withView(withHeaders: operation.comparesHeaders, status: planted) { shadowView in
                comparator.compare(primary: primaryView, shadow: shadowView, rules: operation.rules)
            }
        }
    }
}
