import GRDB
import InterestContract

/// The core's one database: a write-ahead log with readers beside one writer, or everything in memory behind one queue.
struct CoreDatabase: Sendable {
    let writer: any DatabaseWriter

    init(_ store: LegacyCoreConfiguration.Store, foreignKeys: Bool = true) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = foreignKeys
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
        }
        switch store {
        case .memory: writer = try DatabaseQueue(configuration: configuration)
        case .sqlite(let path): writer = try DatabasePool(path: path, configuration: configuration)
        }
        try CoreDatabase.migrator.migrate(writer)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("legacy core 1") { db in
            try db.execute(sql: MasterSchema.sql)
            try db.execute(sql: PayoutSchema.sql)
            for total in LedgerTotal.all { try db.execute(sql: total.schema) }
            try db.execute(sql: BooksViews.sql)
            try db.execute(sql: "INSERT INTO gl_account SELECT gl_code, 0, 0 FROM gl_chart")
        }
        migrator.registerMigration("legacy core 2: views of one account") { db in try db.execute(sql: BooksViews.account) }
        return migrator
    }

    /// What a transaction came to.
    enum Ending<Value> {
        case keep(Value)
        case rollBack(Value)
    }

    /// One writing transaction; nothing else writes meanwhile. An error rolls back.
    func transaction<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Ending<Value>) async throws -> Value {
        try await writer.writeWithoutTransaction { db in try CoreDatabase.transaction(in: db, work) }
    }

    /// The same from a thread that may block: at start, and in tests.
    func blockingTransaction<Value>(_ work: (Database) throws -> Ending<Value>) throws -> Value {
        try writer.writeWithoutTransaction { db in try CoreDatabase.transaction(in: db, work) }
    }

    private static func transaction<Value>(in db: Database, _ work: (Database) throws -> Ending<Value>) throws -> Value {
        var result: Value?
        try db.inTransaction(.immediate) {
            switch try work(db) {
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
}

/// The journal and document numbers given out so far.
struct Counters: Sendable, Hashable {
    var payout: Int64 = 0
    var journal: Int64 = 0
    var withholding: Int64 = 0
    var closure: Int64 = 0

    init(in db: Database) throws {
        for row in try Row.fetchAll(db.cachedStatement(sql: "SELECT name, last_value FROM sequence_counter")) {
            let name: String = row[0]
            switch name {
            case "PAYOUT": payout = row[1]
            case "JOURNAL": journal = row[1]
            case "WITHHOLDING": withholding = row[1]
            default: closure = row[1]
            }
        }
    }
}
