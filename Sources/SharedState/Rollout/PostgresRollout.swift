#if PostgreSQL
    import Foundation
    import Migration
    import PostgreSQLClient
    public import RolloutControl
    import Verdicts

    /// A rollout that several proxies keep in one database. Each change is a step on the row that holds the document, under its lock.
    public struct PostgresRollout: RolloutExchange {
        /// Batches of matches that wait for a leader; beyond it they are dropped. What speaks against the candidate has as much again.
        static let batchesMax: Int64 = 20_000

        let store: PostgresStore
        let plan: String
        /// Of one process: one that is started again is another one.
        let instance: String

        /// - Parameters:
        ///   - plan: The plan's name.
        ///   - instance: What this proxy is called among the others.
        public init(store: PostgresStore, plan: String, instance: String) {
            self.store = store
            self.plan = plan
            self.instance = instance + " " + UUID().uuidString.lowercased()
        }

        private var key: SQLValue { .text(plan) }

        // MARK: The document

        public func open(_ first: RolloutDocument, log: [[UInt8]]) async throws -> RolloutDocument {
            let plan = plan
            let text = try Self.text(first)
            return try await store.transaction { connection in
                let fresh = try connection.rows(
                    "INSERT INTO rollout(plan, version, document) VALUES (?, ?, ?) ON CONFLICT (plan) DO NOTHING RETURNING version",
                    [.text(plan), .integer(first.version), .text(text)])
                if !fresh.isEmpty {
                    for (index, line) in log.enumerated() {
                        try connection.execute(
                            "INSERT INTO rollout_log(plan, sequence, line) VALUES (?, ?, ?)",
                            [.text(plan), SQLValue(index + 1), .bytes(line)])
                    }
                }
                return try Self.document(connection, plan, locked: false)
            }
        }

        public func step(_ make: @escaping @Sendable (RolloutDocument) throws -> DocumentStep) async throws -> DocumentStep {
            let plan = plan
            return try await store.transaction { connection in
                let before = try Self.document(connection, plan, locked: true)
                let step = try make(before)
                guard step.document != before else { return step }
                try connection.execute(
                    "UPDATE rollout SET version = ?, document = ? WHERE plan = ?",
                    [.integer(step.document.version), .text(try Self.text(step.document)), .text(plan)])
                for line in step.lines {
                    try connection.execute(
                        "INSERT INTO rollout_log(plan, sequence, line) VALUES (?, ?, ?)",
                        [.text(plan), SQLValue(line.head.sequence), .bytes(line.bytes)])
                }
                // They go back at every proxy, and none is to hear of them any more.
                if step.document.returns > before.returns {
                    try connection.execute("DELETE FROM rollout_key WHERE plan = ?", [.text(plan)])
                }
                return step
            }
        }

        public func document(otherThan version: Int64) async throws -> RolloutDocument? {
            let rows = try await store.read { [key] connection in
                try connection.rows("SELECT document FROM rollout WHERE plan = ? AND version <> ?", [key, .integer(version)])
            }
            return try rows.first.map { try Self.document(try $0.text(0)) }
        }

        public func log(after sequence: Int, limit: Int) async throws -> [[UInt8]] {
            try await store.read { [key] connection in
                try connection.rows(
                    "SELECT line FROM rollout_log WHERE plan = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                    [key, SQLValue(sequence), SQLValue(limit)]
                ).map { try $0.bytes(0) }
            }
        }

        private static func document(_ connection: PostgresStoreConnection, _ plan: String, locked: Bool) throws
            -> RolloutDocument
        {
            let rows = try connection.rows(
                "SELECT document FROM rollout WHERE plan = ?" + (locked ? " FOR UPDATE" : ""), [.text(plan)])
            guard let row = rows.first else {
                throw StateError(
                    .damaged, "The shared store has no rollout of the plan `\(plan)` any more; start the proxies again.")
            }
            return try document(try row.text(0))
        }

        private static func document(_ text: String) throws -> RolloutDocument {
            do { return try JSONDecoder().decode(RolloutDocument.self, from: Data(text.utf8)) } catch {
                throw StateError(
                    .newerSchema,
                    "The shared rollout is not of a form that this program knows: run the version that wrote it, or a later one.")
            }
        }

        private static func text(_ document: RolloutDocument) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(document), as: UTF8.self)
        }

        // MARK: Leading

        private static let clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

        public func lead(forMs: Int) async throws -> Int64? {
            let (plan, instance) = (plan, instance)
            return try await store.transaction { connection in
                let until = "\(Self.clock) + CAST(? AS BIGINT)"
                return try connection.rows(
                    """
                    INSERT INTO rollout_lead(plan, instance, term, until_at) VALUES (?, ?, 1, \(until))
                    ON CONFLICT (plan) DO UPDATE SET instance = excluded.instance, until_at = excluded.until_at,
                        term = rollout_lead.term + CASE WHEN rollout_lead.instance = excluded.instance
                            AND rollout_lead.until_at > \(Self.clock) THEN 0 ELSE 1 END
                    WHERE rollout_lead.instance = excluded.instance OR rollout_lead.until_at <= \(Self.clock)
                    RETURNING term
                    """, [.text(plan), .text(instance), SQLValue(forMs * 1_000)]
                ).first?.integer(0)
            }
        }

        public func resign() async throws {
            let (plan, instance) = (plan, instance)
            try await store.transaction { connection in
                try connection.execute(
                    "UPDATE rollout_lead SET until_at = 0 WHERE plan = ? AND instance = ?", [.text(plan), .text(instance)])
            }
        }

        // MARK: Evidence

        public func publish(_ batch: OutcomeBatch) async throws -> Bool {
            let (plan, instance) = (plan, instance)
            let body = Array(try JSONEncoder().encode(batch))
            let room = batch.speaksAgainst ? 2 * Self.batchesMax : Self.batchesMax
            return try await store.transaction { connection in
                // One after the other, so that numbers are seen in their order: a leader passes none over.
                try connection.lock("rollout outcomes \(plan)")
                let sent = try connection.rows(
                    "SELECT number FROM rollout_sender WHERE plan = ? AND instance = ?", [.text(plan), .text(instance)])
                // Its answer was lost, and it was sent again.
                if let last = try sent.first?.integer(0), batch.number <= last { return true }
                let waiting = try connection.rows(
                    "SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM rollout_outcome WHERE plan = ?", [.text(plan)])
                guard try waiting.first?.integer(0) ?? 0 < room else { return false }
                try connection.execute(
                    "INSERT INTO rollout_outcome(plan, body) VALUES (?, ?)", [.text(plan), .bytes(body)])
                // A process that has sent nothing for a day sends nothing twice any more.
                try connection.execute(
                    "DELETE FROM rollout_sender WHERE plan = ? AND at < \(Self.clock) - 86400000000", [.text(plan)])
                try connection.execute(
                    """
                    INSERT INTO rollout_sender(plan, instance, number, at) VALUES (?, ?, ?, \(Self.clock))
                    ON CONFLICT (plan, instance) DO UPDATE SET number = excluded.number, at = excluded.at
                    """, [.text(plan), .text(instance), .integer(batch.number)])
                return true
            }
        }

        public func batches(after cursor: Int64, limit: Int) async throws -> [(cursor: Int64, batch: OutcomeBatch)] {
            let rows = try await store.read { [key] connection in
                try connection.rows(
                    "SELECT seq, body FROM rollout_outcome WHERE plan = ? AND seq > ? ORDER BY seq LIMIT ?",
                    [key, .integer(cursor), SQLValue(limit)])
            }
            return try rows.map { row in
                (try row.integer(0), try JSONDecoder().decode(OutcomeBatch.self, from: Data(try row.bytes(1))))
            }
        }

        public func evidence() async throws -> (bytes: [UInt8], through: Int64)? {
            let rows = try await store.read { [key] connection in
                try connection.rows("SELECT body, through FROM rollout_evidence WHERE plan = ?", [key])
            }
            return try rows.first.map { (try $0.bytes(0), try $0.integer(1)) }
        }

        public func keep(evidence: [UInt8], through: Int64, term: Int64) async throws -> Bool {
            let (plan, instance) = (plan, instance)
            return try await store.transaction { connection in
                let lead = try connection.rows(
                    "SELECT term FROM rollout_lead WHERE plan = ? AND instance = ? AND term = ? FOR UPDATE",
                    [.text(plan), .text(instance), .integer(term)])
                guard !lead.isEmpty else { return false }
                try connection.execute(
                    """
                    INSERT INTO rollout_evidence(plan, through, body) VALUES (?, ?, ?)
                    ON CONFLICT (plan) DO UPDATE SET through = excluded.through, body = excluded.body
                    """, [.text(plan), .integer(through), .bytes(evidence)])
                try connection.execute(
                    "DELETE FROM rollout_outcome WHERE plan = ? AND seq <= ?", [.text(plan), .integer(through)])
                return true
            }
        }

        // MARK: Keys

        public func publish(keys: [String], returns: Int) async throws -> Bool {
            let (plan, instance) = (plan, instance)
            return try await store.transaction { connection in
                // No step lets keys go back in between.
                guard try Self.document(connection, plan, locked: true).returns <= returns else { return false }
                try connection.lock("rollout keys \(plan)")
                for key in keys {
                    try connection.execute(
                        "INSERT INTO rollout_key(plan, key, instance) VALUES (?, ?, ?) ON CONFLICT (plan, key) DO NOTHING",
                        [.text(plan), .bytes(Array(key.utf8)), .text(instance)])
                }
                return true
            }
        }

        public func keys(after cursor: Int64, limit: Int) async throws -> (keys: [String], cursor: Int64) {
            let rows = try await store.read { [key] connection in
                try connection.rows(
                    "SELECT seq, key FROM rollout_key WHERE plan = ? AND seq > ? ORDER BY seq LIMIT ?",
                    [key, .integer(cursor), SQLValue(limit)])
            }
            let keys = try rows.map { String(decoding: try $0.bytes(1), as: UTF8.self) }
            return (keys, try rows.last?.integer(0) ?? cursor)
        }
    }
#endif
