import GRDB

/// How the core uses SQLite.
enum SQLiteBooks {
    /// - Parameter path: nil for a store in memory.
    static func open(path: String?, foreignKeys: Bool) throws -> any DatabaseWriter {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = foreignKeys
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
        }
        let writer: any DatabaseWriter =
            if let path { try DatabasePool(path: path, configuration: configuration) } else {
                try DatabaseQueue(configuration: configuration)
            }
        try migrator.migrate(writer)
        return writer
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("legacy core 1") { db in
            try db.execute(sql: MasterSchema.sql)
            try db.execute(sql: PayoutSchema.sql)
            for total in LedgerTotal.all { try db.execute(sql: total.schema) }
            try db.execute(sql: BooksViews.sql)
            try db.execute(sql: MasterSchema.ledgerAccounts)
        }
        migrator.registerMigration("legacy core 2: views of one account") { db in try db.execute(sql: BooksViews.account) }
        return migrator
    }

    static func transaction<Value>(in db: Database, _ work: () throws -> CoreDatabase.Ending<Value>) throws -> Value {
        var result: Value?
        try db.inTransaction(.immediate) {
            switch try work() {
            case .keep(let value):
                result = value
                return .commit
            case .rollBack(let value):
                result = value
                return .rollback
            }
        }
        guard let result else { throw BrokenBooks(description: "a transaction ended without a result") }
        return result
    }

    /// The store in memory has a single connection, which shows one state anyway. GRDB would make it read-only for the while, by a
    /// pragma at which SQLite forgets every prepared statement: more than half of the core's work went into preparing them again.
    static func look<Value: Sendable>(
        _ writer: any DatabaseWriter, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        if let queue = writer as? DatabaseQueue { return try await queue.unsafeRead(work) }
        return try await writer.read(work)
    }
}
