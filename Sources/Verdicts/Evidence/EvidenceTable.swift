internal import GRDB

/// Evidence as rows.
enum EvidenceTable {
    /// Stores it; false when evidence of that id is already there.
    static func insert(_ evidence: Evidence, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql:
                "INSERT INTO evidence(\(EvidenceColumns.names)) VALUES (\(EvidenceColumns.parameters)) ON CONFLICT(id) DO NOTHING"
        )
        try statement.execute(arguments: StatementArguments(try EvidenceColumns.values(of: evidence).map(\.databaseValue)))
        return db.changesCount > 0
    }

    /// Deletes what is beyond the bounds, oldest first; the first evidence of each fingerprint stays as its incident's sample. At most
    /// `batch` rows at a time, so that a transaction stays short.
    static func trim(rowsMax: Int, olderThan: Int64, batch: Int, in db: Database) throws {
        let surplus = try Int.fetchOne(db, sql: "SELECT count(*) FROM evidence").map { $0 - rowsMax } ?? 0
        try db.execute(
            sql: """
                DELETE FROM evidence WHERE seq IN (
                    SELECT seq FROM evidence AS e WHERE seq <> (SELECT min(seq) FROM evidence WHERE fingerprint = e.fingerprint)
                    ORDER BY seq LIMIT ?)
                """, arguments: [min(max(0, surplus), batch)])
        try db.execute(
            sql: """
                DELETE FROM evidence WHERE seq IN (
                    SELECT seq FROM evidence AS e WHERE recorded_at < ?
                        AND seq <> (SELECT min(seq) FROM evidence WHERE fingerprint = e.fingerprint)
                    ORDER BY recorded_at LIMIT ?)
                """, arguments: [olderThan, batch])
    }
}
