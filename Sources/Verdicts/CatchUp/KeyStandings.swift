internal import GRDB

/// Keys whose comparisons are not trusted, as the state database keeps them: for `countersign resync` and reports.
public struct KeyStandings: Sendable {
    public struct Entry: Sendable, Hashable {
        public var key: String
        public var standing: KeyStanding
        public var cause: String
        /// Who answered the key then; nil where that was not kept.
        public var side: Side?
    }

    private let database: StateDatabase

    public init(_ database: StateDatabase) { self.database = database }

    /// By key.
    public func list() throws(StateError) -> [Entry] { try database.reading { db in try Self.fetch(in: db) } }

    /// The key is trusted from the proxy's next start on, and the writes still kept for it are dropped: whoever calls this has made the
    /// two sides equal by other means. Other keys that a dropped write names are unverified then.
    ///
    /// Returns what was removed; nil when nothing stood against the key.
    public func resync(_ key: String) throws(StateError) -> (standing: Entry?, droppedWrites: Int)? {
        try database.storing { db in
            let entry = try Self.fetch(in: db).first { $0.key == key }
            let named = "SELECT id FROM catch_up_key WHERE key = ?"
            let others = try String.fetchAll(
                db, sql: "SELECT DISTINCT key FROM catch_up_key WHERE id IN (\(named)) AND key <> ?", arguments: [key, key])
            let dropped = try Int.fetchOne(db, sql: "SELECT count(DISTINCT id) FROM catch_up_key WHERE key = ?", arguments: [key])
            try db.execute(sql: "DELETE FROM catch_up WHERE id IN (\(named))", arguments: [key])
            try db.execute(sql: "DELETE FROM key_standing WHERE key = ?", arguments: [key])
            let standings = try Self.fetch(in: db)
            for other in others where !standings.contains(where: { $0.key == other }) {
                try Self.store(
                    .unverified, key: other, cause: "a missed write was dropped when \(key) was resynced", side: nil, in: db)
            }
            return entry == nil && dropped == 0 ? nil : (entry, dropped ?? 0)
        }
    }

    static func fetch(in db: Database) throws -> [Entry] {
        try Row.fetchAll(db, sql: "SELECT key, standing, cause, side FROM key_standing ORDER BY key").compactMap { row in
            let side = (row["side"] as String?).flatMap { Side(rawValue: $0) }
            return KeyStanding(rawValue: row["standing"]).map {
                Entry(key: row["key"], standing: $0, cause: row["cause"], side: side)
            }
        }
    }

    static func store(_ standing: KeyStanding, key: String, cause: String, side: Side?, in db: Database) throws {
        if standing == .trusted {
            try db.cachedStatement(sql: "DELETE FROM key_standing WHERE key = ?").execute(arguments: [key])
        } else {
            try db.cachedStatement(
                sql: """
                    INSERT INTO key_standing (key, standing, cause, side) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT DO UPDATE SET standing = ?2, cause = ?3, side = coalesce(?4, side)
                    """
            ).execute(arguments: [key, standing.rawValue, cause, side?.rawValue])
        }
    }
}
