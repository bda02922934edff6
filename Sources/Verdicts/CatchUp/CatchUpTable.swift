internal import Foundation
internal import GRDB

/// Missed writes as rows; `catch_up_key` finds the oldest of a key.
enum CatchUpTable {
    /// How full the queue is.
    struct Fill {
        var writes: Int
        var bytes: Int
    }

    static func fill(in db: Database) throws -> Fill {
        let row = try Row.fetchOne(db, sql: "SELECT count(*) AS writes, coalesce(sum(bytes), 0) AS bytes FROM catch_up")
        return Fill(writes: row?["writes"] ?? 0, bytes: row?["bytes"] ?? 0)
    }

    static func bytes(of write: MissedWrite) -> Int {
        let names = write.keys.reduce(0) { $0 + $1.utf8.count }
        let headers = (write.request.headers + write.primary.headers).joined().reduce(0) { $0 + $1.utf8.count }
        return 256 + names + headers + write.request.target.utf8.count + write.request.body.count + write.primary.body.count
    }

    static func insert(_ write: MissedWrite, bytes: Int, in db: Database) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO catch_up(side, operation, keys, request, request_body, primary_answer, primary_body, cause, attempts, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            write.side.rawValue, write.operation, RecordedJSON.list(write.keys),
            RecordedColumns.withoutBody(write.request), Data(write.request.body),
            RecordedColumns.withoutBody(write.primary), Data(write.primary.body), write.cause, write.attempts, bytes,
        ])
        let id = db.lastInsertedRowID
        let names = try db.cachedStatement(sql: "INSERT INTO catch_up_key VALUES (?, ?, ?)")
        for key in Set(write.keys) { try names.execute(arguments: [write.side.rawValue, key, id]) }
        return id
    }

    static func oldest(key: String, side: Side, in db: Database) throws -> MissedWrite? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM catch_up WHERE id = (
                    SELECT id FROM catch_up_key WHERE side = ? AND key = ? ORDER BY id LIMIT 1)
                """)
        return try Row.fetchOne(statement, arguments: [side.rawValue, key]).map(write)
    }

    static func recordAttempt(id: Int64, cause: String, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE catch_up SET attempts = attempts + 1, cause = ? WHERE id = ?")
            .execute(arguments: [cause, id])
    }

    /// The bytes it freed; nil when there was none.
    static func delete(id: Int64, in db: Database) throws -> Int? {
        let statement = try db.cachedStatement(sql: "DELETE FROM catch_up WHERE id = ? RETURNING bytes")
        return try Int.fetchAll(statement, arguments: [id]).first
    }

    static func state(in db: Database) throws -> CatchUpState {
        var state = CatchUpState()
        let behind = try Row.fetchAll(db, sql: "SELECT side, key, count(*) AS writes FROM catch_up_key GROUP BY side, key")
        for row in behind {
            guard let side = Side(rawValue: row["side"]) else { continue }
            state.behind[row["key"]] = (side, row["writes"])
        }
        for kept in try KeyStandings.fetch(in: db) { state.standings[kept.key] = (kept.standing, kept.cause, kept.side) }
        return state
    }

    private static func write(_ row: Row) throws -> MissedWrite {
        guard let side = Side(rawValue: row["side"]) else {
            throw StateError(.damaged, "The missed write \(row["id"] as Int64) names an unknown side.")
        }
        return MissedWrite(
            id: row["id"], keys: try RecordedColumns.value([String].self, row["keys"]), operation: row["operation"], side: side,
            request: try RecordedColumns.request(row["request"], body: row["request_body"]),
            primary: try RecordedColumns.answer(row["primary_answer"], body: row["primary_body"]), cause: row["cause"],
            attempts: row["attempts"])
    }
}
