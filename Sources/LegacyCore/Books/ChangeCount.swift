import Synchronization

/// INSERT, UPDATE and DELETE statements sent to the database so far, whether their transactions were kept or not.
final class ChangeCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ statements: Int) { count.add(statements, ordering: .relaxed) }
}
