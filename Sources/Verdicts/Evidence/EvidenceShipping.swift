internal import Foundation
internal import GRDB

/// How far the evidence of a state folder has come on its way to a shared store, and what was alerted from the folder itself because the store
/// was away. Both are cursors over the order in which the evidence was stored, kept in the same database: a process that is killed between
/// two steps goes on where it was, and what it does twice has the same ids.
public struct EvidenceShipping: Sendable {
    /// Evidence to be shipped next.
    public struct Batch: Sendable {
        public var evidence: [Evidence]
        /// Of these, what this folder's own desk has dealt with.
        public var alerted: Set<String>
        /// The cursor before it.
        public var after: Int64
        /// The cursor once all of it is shipped.
        public var through: Int64
        /// What is missing between: trimmed before it was shipped, or not to be read.
        public var lost: Int
    }

    /// What has yet to be shipped.
    public struct Backlog: Sendable, Hashable {
        public var waiting = 0
        /// Since the folder is used with a shared store.
        public var lost = 0
    }

    private let database: StateDatabase
    /// Names the folder in a shared store, however its proxy is called.
    public let folder: String
    /// What a proxy on this folder is called unless the configuration says otherwise.
    public let instance: String

    /// Begins to ship, or goes on. What was stored before the folder was used with a shared store, the folder's own desk has told: it is
    /// shipped, and alerted no more.
    ///
    /// - Parameter hostName: the first part of the instance's name, where one has to be made.
    public init(_ database: StateDatabase, hostName: String) throws(StateError) {
        try database.migrate(ShippingSchema.schema)
        (folder, instance) = try database.storing { db in
            if let row = try Row.fetchOne(db, sql: "SELECT folder, instance, attached FROM shipping") {
                if !(row["attached"] as Bool) {
                    try db.execute(
                        sql:
                            "UPDATE shipping SET attached = 1, alerted = max(alerted, (SELECT coalesce(max(seq), 0) FROM evidence))"
                    )
                }
                return (row["folder"], row["instance"])
            }
            let folder = UUID().uuidString.lowercased()
            let instance = "\(hostName)-\(folder.prefix(8))"
            try db.execute(
                sql: """
                    INSERT INTO shipping(id, folder, instance, shipped, alerted, attached, lost)
                    SELECT 1, ?, ?, 0, coalesce(max(seq), 0), 1, 0 FROM evidence
                    """, arguments: [folder, instance])
            return (folder, instance)
        }
        self.database = database
    }

    /// A run without a shared store begins on a folder that may have been used with one: what neither the store nor the folder's desk has
    /// told is told now, by `tell`.
    public static func detach(
        _ database: StateDatabase, tell: @Sendable (any SQLConnection, [Evidence]) throws -> Void
    ) throws(StateError) {
        try database.storing { db in
            guard try db.tableExists("shipping"), try Bool.fetchOne(db, sql: "SELECT attached FROM shipping") == true else {
                return
            }
            while try alert(recordedBefore: .max, db, tell).looked > 0 {}
            try db.execute(sql: "UPDATE shipping SET attached = 0")
        }
    }

    /// In the order in which it was stored.
    ///
    /// - Parameter bytesMax: of bodies; one piece of evidence alone may be larger.
    public func next(max: Int = 64, bytesMax: Int = 4 * 1_024 * 1_024) throws(StateError) -> Batch {
        try database.reading { db in
            let (shipped, alerted) = try Self.cursors(db)
            var batch = Batch(evidence: [], alerted: [], after: shipped, through: shipped, lost: 0)
            var bytes = 0
            for row in try Self.rows(db, after: shipped, max) {
                if let evidence = row.evidence {
                    bytes += evidence.bytes
                    if bytes > bytesMax, !batch.evidence.isEmpty { break }
                    batch.evidence.append(evidence)
                    if row.seq <= alerted { batch.alerted.insert(evidence.id) }
                } else {
                    batch.lost += 1
                }
                batch.lost += Int(row.seq - batch.through - 1)
                batch.through = row.seq
            }
            return batch
        }
    }

    /// The batch is in the shared store. Nothing is noted if the cursor was set back meanwhile.
    public func shipped(_ batch: Batch) throws(StateError) {
        try database.storing { db in
            try db.execute(
                sql: "UPDATE shipping SET shipped = ?, lost = lost + ? WHERE shipped = ?",
                arguments: [batch.through, batch.lost, batch.after])
        }
    }

    /// How far the shared store had come by its own word: a store that was set back, or another one, is brought up to date once more. Its
    /// notices are written anew, with the same `webhook-id`: whether the ones that went with it were delivered, nobody knows.
    public func align(to stored: Int64) throws(StateError) {
        try database.storing { db in
            try db.execute(sql: "UPDATE shipping SET shipped = ?1 WHERE shipped > ?1", arguments: [stored])
        }
    }

    public func backlog() throws(StateError) -> Backlog {
        try database.reading { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT lost, (SELECT count(*) FROM evidence WHERE seq > shipping.shipped) AS waiting FROM shipping")
            return Backlog(waiting: row?["waiting"] ?? 0, lost: row?["lost"] ?? 0)
        }
    }

    /// Tells what has waited for too long, in one transaction with the note that it was told; at most a few hundred at a time.
    ///
    /// - Parameters:
    ///   - recordedBefore: microseconds since 1970.
    ///   - tell: the folder's own desk. It does not hear of disagreements that the shared store has been told of before.
    /// - Returns: how many were told.
    public func alertLate(
        recordedBefore: Int64, tell: @Sendable (any SQLConnection, [Evidence]) throws -> Void
    ) throws(StateError) -> Int {
        // Nothing late is the rule: it takes no writer's turn.
        let isLate = try database.reading { db in
            let (shipped, alerted) = try Self.cursors(db)
            return try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM evidence WHERE seq > ? AND recorded_at <= ?)",
                arguments: [max(shipped, alerted), recordedBefore]) ?? false
        }
        guard isLate else { return 0 }
        return try database.storing { db in try Self.alert(recordedBefore: recordedBefore, db, tell).told }
    }

    // MARK: Rows

    private static func alert(
        recordedBefore: Int64, _ db: Database, _ tell: (any SQLConnection, [Evidence]) throws -> Void
    ) throws -> (looked: Int, told: Int) {
        let (shipped, alerted) = try cursors(db)
        var through = max(shipped, alerted)
        var news: [Evidence] = []
        var looked = 0
        for row in try rows(db, after: through, 256) {
            guard row.recordedAt <= recordedBefore else { break }
            looked += 1
            through = row.seq
            guard let evidence = row.evidence else { continue }
            let isKnown = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM evidence WHERE fingerprint = ? AND seq <= ? AND persistence <> ? AND cascade_of IS NULL)
                    """, arguments: [evidence.fingerprint, shipped, Persistence.noise.rawValue])
            if isKnown != true { news.append(evidence) }
        }
        try tell(SQLiteConnection(db), news)
        try db.execute(sql: "UPDATE shipping SET alerted = ?", arguments: [through])
        return (looked, news.count)
    }

    private static func cursors(_ db: Database) throws -> (shipped: Int64, alerted: Int64) {
        let row = try Row.fetchOne(db, sql: "SELECT shipped, alerted FROM shipping")
        return (row?["shipped"] ?? 0, row?["alerted"] ?? 0)
    }

    /// - Returns: no evidence where the row is not to be read, by a newer version's hand.
    private static func rows(_ db: Database, after seq: Int64, _ max: Int) throws -> [(
        seq: Int64, recordedAt: Int64, evidence: Evidence?
    )] {
        try SQLiteConnection(db).rows(
            "SELECT \(EvidenceColumns.names), seq FROM evidence WHERE seq > ? ORDER BY seq LIMIT ?",
            [.integer(seq), SQLValue(max)]
        ).map { row in (try row.integer(17), try row.integer(1), try? EvidenceColumns.evidence(row)) }
    }
}
