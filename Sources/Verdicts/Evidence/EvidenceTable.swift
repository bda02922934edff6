internal import Comparison
internal import Foundation
internal import GRDB

/// Evidence as rows.
enum EvidenceTable {
    /// Stores it; false when evidence of that id is already there.
    static func insert(_ evidence: Evidence, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO evidence(id, recorded_at, operation, verdict, fingerprint, cause, persistence, cascade_of, caught_up, keys,
                    differences, request, request_body, primary_answer, primary_body, shadow_answer, shadow_body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING
                """)
        try statement.execute(arguments: [
            evidence.id, evidence.recordedAtMicroseconds, evidence.operation, evidence.verdict.rawValue, evidence.fingerprint,
            evidence.cause, evidence.persistence.rawValue, evidence.cascadeOf, evidence.caughtUp,
            RecordedJSON.list(evidence.keys), try RecordedColumns.text(evidence.differences),
            RecordedColumns.withoutBody(evidence.request), Data(evidence.request.body),
            evidence.primary.map { RecordedColumns.withoutBody($0) }, evidence.primary.map { Data($0.body) },
            evidence.shadow.map { RecordedColumns.withoutBody($0) }, evidence.shadow.map { Data($0.body) },
        ])
        return db.changesCount > 0
    }

    static func evidence(_ row: Row) throws -> Evidence {
        func answer(_ columns: String, _ body: String) throws -> RecordedAnswer? {
            guard let text: String = row[columns], let bytes: Data = row[body] else { return nil }
            return try RecordedColumns.answer(text, body: bytes)
        }
        guard let verdict = Verdict(rawValue: row["verdict"]), let persistence = Persistence(rawValue: row["persistence"]) else {
            throw StateError(.damaged, "Evidence \(row["id"] as String) has a verdict or persistence unknown to this version.")
        }
        return Evidence(
            id: row["id"], recordedAtMicroseconds: row["recorded_at"], operation: row["operation"],
            keys: try RecordedColumns.value([String].self, row["keys"]), verdict: verdict, cause: row["cause"],
            persistence: persistence, cascadeOf: row["cascade_of"], caughtUp: row["caught_up"],
            request: try RecordedColumns.request(row["request"], body: row["request_body"]),
            primary: try answer("primary_answer", "primary_body"), shadow: try answer("shadow_answer", "shadow_body"),
            differences: try RecordedColumns.value([Difference].self, row["differences"]))
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
