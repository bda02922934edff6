import Foundation
import GRDB
import InterestContract

/// The books in SQLite: one writer, many readers of the last committed state.
struct SQLiteBooks: Books {
    let database: any DatabaseWriter
    /// Names of steps that are left out: how a test proves that the audit notices each of them.
    var omitting: Set<String> = []

    /// Opens the database, or makes it. The file is in WAL mode: previews read while a payment is written.
    static func open(_ store: PayoutServiceConfiguration.Store, foreignKeys: Bool = true) throws -> SQLiteBooks {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = foreignKeys
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000")
        }
        let database: any DatabaseWriter =
            switch store {
            case .memory: try DatabaseQueue(configuration: configuration)
            case .sqlite(let path): try DatabasePool(path: path, configuration: configuration)
            }
        try BooksSchema.migrator.migrate(database)
        return SQLiteBooks(database: database)
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
        try await database.look { try body(SQLiteSession(database: $0, omitting: omitting)) }
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
    ) async throws -> Value {
        do {
            return try await database.writeWithoutTransaction { database in
                var done: Outcome<Value>?
                try database.inTransaction(.immediate) {
                    let outcome = try body(SQLiteSession(database: database, omitting: omitting))
                    done = outcome
                    return outcome.isKept ? .commit : .rollback
                }
                guard let done else { throw DatabaseError(message: "the transaction has no outcome") }
                if done.isKept { done.afterCommit() }
                return done.value
            }
        } catch let error as DatabaseError {
            throw BooksFailure(error) ?? error
        }
    }
}

/// One state of the books, or one transaction on them.
struct SQLiteSession: BooksWriting {
    let database: Database
    let omitting: Set<String>

    func standing(_ accountId: String) throws -> Standing? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT a.customer_id, a.product, a.branch, a.opened_on, a.state, a.deposit_freeze, a.withdrawal_freeze,
                    a.incident_amount, c.state, c.tax_category, c.treaty_ppm, b.balance, b.held, b.last_paid_on, b.version,
                    (SELECT coalesce(sum(balance), 0) FROM pot WHERE account_id = a.account_id),
                    (SELECT lines FROM statement_head WHERE account_id = a.account_id)
                FROM account a JOIN customer c USING (customer_id) JOIN account_balance b USING (account_id)
                WHERE a.account_id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [accountId]) else { return nil }
        guard let state = AccountState(rawValue: row[4]), let customerState = CustomerState(rawValue: row[8]),
            let category = TaxCategory(rawValue: row[9])
        else { throw DatabaseError(message: "account \(accountId) stands in a state that this version does not know") }
        let lastPaid: Int? = row[13]
        return Standing(
            accountId: accountId, customerId: row[0], product: row[1], branch: row[2], openedOn: Day(number: row[3]),
            state: state,
            depositFreeze: row[5], withdrawalFreeze: row[6], incidentAmount: row[7], customerState: customerState,
            taxCategory: category, treatyPpm: row[10], balance: row[11], held: row[12],
            lastPaidOn: lastPaid.map { Day(number: $0) }, version: row[14], pots: row[15], statementLines: row[16] ?? 0)
    }

    func movements(_ accountId: String, by date: EntryDate, after day: Int) throws -> [InterestBasis.Movement] {
        let sql =
            switch date {
            case .value: "SELECT valued_on, movement FROM value_day WHERE account_id = ? AND valued_on > ? ORDER BY valued_on"
            case .booking:
                "SELECT booked_on, sum(amount) FROM entry WHERE account_id = ? AND booked_on > ? GROUP BY booked_on ORDER BY booked_on"
            }
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: [accountId, day]).map { .init(day: $0[0], amount: $0[1]) }
    }

    func schedules(_ product: String) throws -> [DatedBands]? {
        let statement = try database.cachedStatement(
            sql: "SELECT since, bands FROM rate_schedule WHERE product = ? ORDER BY since")
        let schedules = try Row.fetchAll(statement, arguments: [product]).map { row in
            DatedBands(since: row[0], bands: try BandText.read(row[1]))
        }
        if schedules.isEmpty {
            let known = try Bool.fetchOne(database, sql: "SELECT 1 FROM product WHERE product = ?", arguments: [product])
            return known == nil ? nil : []
        }
        return schedules
    }

    func storedAnswer(key: String) throws -> StoredAnswer? {
        let statement = try database.cachedStatement(
            sql: "SELECT method, target, body, status, content_type, answer FROM idempotency WHERE key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key]) else { return nil }
        return StoredAnswer(
            method: row[0], target: row[1], body: [UInt8](row[2] as Data),
            reply: Reply(status: row[3], contentType: row[4], body: [UInt8](row[5] as Data)))
    }

    func accounts(ofCustomer customerId: String) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT account_id FROM account WHERE customer_id = ?", arguments: [customerId])
    }

    func execute(_ steps: [BookStep]) throws {
        for step in steps where !omitting.contains(step.name) {
            let statement = try database.cachedStatement(sql: step.sql)
            try statement.execute(arguments: StatementArguments(step.arguments.map(\.databaseValue)))
            guard database.changesCount > 0 else { throw DatabaseError(message: "the step \(step.name) touched no row") }
        }
    }

    func load(_ accounts: [FixtureAccount]) throws { try FixtureLoad(session: self).load(accounts) }
}

extension BookValue: DatabaseValueConvertible {
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        case .null: .null
        }
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> BookValue? {
        switch value.storage {
        case .int64(let value): .integer(value)
        case .string(let value): .text(value)
        case .blob(let value): .bytes([UInt8](value))
        case .null: .null
        case .double: nil
        }
    }
}
