import GRDB

/// A transaction on SQLite, each statement by its cached prepared form.
struct SQLiteSession: CoreSession {
    let database: Database
    let changes: ChangeCount

    func rows(_ sql: String, _ arguments: BookArguments) throws -> [BookRow] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments.sqlite).map(BookRow.init)
    }

    func change(_ sql: String, _ arguments: BookArguments, step: String?) throws {
        changes.add(1)
        try database.cachedStatement(sql: sql).execute(arguments: arguments.sqlite)
        if let step, database.changesCount == 0 { throw StepWithoutEffect(step: step) }
    }

    func makeTemporary(_ sql: String) throws { try database.execute(sql: sql) }

    func orphans() throws -> Int { try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count }
}
