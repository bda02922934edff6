import GRDB

extension DatabaseWriter {
    /// One state of the books, read off the writer's way.
    ///
    /// The store in memory has a single connection, which shows one state anyway. GRDB would make it read-only for the while, by a
    /// pragma at which SQLite forgets every prepared statement: more than half of the core's work went into preparing them again.
    func look<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        if let queue = self as? DatabaseQueue { return try await queue.unsafeRead(work) }
        return try await read(work)
    }
}
