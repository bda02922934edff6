public import GRDB

/// The tables of one module in the state database, and how they came to be: step n leads from version n − 1 to n. A step that has
/// shipped is never changed.
public struct StateSchema: Sendable {
    public var module: String
    public var steps: [@Sendable (Database) throws -> Void]

    public init(module: String, steps: [@Sendable (Database) throws -> Void]) {
        self.module = module
        self.steps = steps
    }
}

extension StateDatabase {
    /// Brings a module's tables up to date, all or nothing; refuses tables of a newer version.
    public func migrate(_ schema: StateSchema) throws(StateError) {
        try storing { db in
            try db.execute(
                sql: "CREATE TABLE IF NOT EXISTS schema_version(module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT")
            let version = try Self.version(of: schema, in: db)
            try Self.check(schema, version: version, path: path)
            guard version < schema.steps.count else { return }
            for step in schema.steps[version...] { try step(db) }
            try db.execute(
                sql: "INSERT INTO schema_version VALUES (?1, ?2) ON CONFLICT DO UPDATE SET version = ?2",
                arguments: [schema.module, schema.steps.count])
        }
    }

    static func version(of schema: StateSchema, in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT version FROM schema_version WHERE module = ?", arguments: [schema.module]) ?? 0
    }

    static func check(_ schema: StateSchema, version: Int, path: String) throws(StateError) {
        guard version <= schema.steps.count else {
            throw StateError(
                .newerSchema,
                "\(path) was written by a newer version (\(schema.module) schema \(version), this one knows \(schema.steps.count)); "
                    + "run that version, or start with another state directory.")
        }
    }
}
