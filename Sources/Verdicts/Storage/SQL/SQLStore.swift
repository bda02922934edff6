/// One transaction on a store, in the SQL that the engines have in common: `?` for parameters, `ON CONFLICT` for upserts, instants as
/// integers. What they do not share is in ``SQLDialect``.
public protocol SQLConnection {
    var dialect: SQLDialect { get }

    /// The rows of a query, or of a statement with `RETURNING`.
    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow]
    /// Executes a statement. Its error may come with a later one, at the latest with the transaction's end: nobody need wait in between.
    func execute(_ sql: String, _ arguments: [SQLValue]) throws
    /// Waits until no other transaction holds the lock of that name, and holds it until this one ends. A store with one writer has no need of it.
    func lock(_ name: String) throws
}

extension SQLConnection {
    public func rows(_ sql: String) throws -> [SQLRow] { try rows(sql, []) }
}

/// Where the verifier's tables are: the embedded database of a state folder, or one that several proxies share.
public protocol SQLStore: Sendable {
    /// Reads one consistent state.
    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value
    /// Runs one transaction, kept unless `work` throws. It may be carried out more than once: `work` must do nothing that can't be done again.
    func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value
}
