/// One DML statement of the books, by name. Its values come from the posting's named arguments.
struct PayoutStep: Sendable, Hashable {
    /// What the bank does it for; unique within a posting.
    let name: String
    /// One INSERT, UPDATE or DELETE that changes at least one row.
    let sql: String

    init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// A step that found nothing to change: the books are not what the core takes them for, and the transaction must not be committed.
struct StepWithoutEffect: Error, CustomStringConvertible {
    let step: String

    var description: String { "the step `\(step)` changed no row; nothing was booked" }
}

/// Runs the steps of a posting in their order, each of which must change something.
struct StepExecutor: Sendable {
    /// Left out, so that a test can see the audit complain.
    var omitted: String?

    func run(_ steps: [PayoutStep], _ arguments: BookArguments, in books: any CoreSession) throws {
        for step in steps where step.name != omitted {
            try books.change(step.sql, arguments, step: step.name)
        }
    }
}
