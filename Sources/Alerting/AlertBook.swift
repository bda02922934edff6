import Foundation
public import GRDB
public import Outbound

/// What can be asked and done about incidents and notices from outside: lists, replays, tests.
public struct AlertBook: Sendable {
    private let database: any DatabaseReader

    public init(database: any DatabaseReader) { self.database = database }

    /// The latest first.
    public func incidents(limit: Int = 1_000) async throws -> [Incident] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM incident ORDER BY last_seen DESC, fingerprint LIMIT ?", arguments: [limit])
                .map(
                    Incident.init)
        }
    }

    /// Notices in order of writing, of one state or of all.
    public func notices(state: NoticeRow.State? = nil, limit: Int = 1_000) async throws -> [NoticeRow] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM notice WHERE ? IS NULL OR state = ? ORDER BY id DESC LIMIT ?",
                arguments: [state?.rawValue, state?.rawValue, limit]
            ).map(NoticeRow.init)
        }
    }

    /// How many notices are in each state, and attempts made in all.
    public struct Statistics: Sendable, Equatable {
        public var incidents = 0
        public var waiting = 0
        public var delivered = 0
        public var dead = 0
        public var attempts = 0

        public init() {}
    }

    public func statistics() async throws -> Statistics {
        try await database.read { db in
            var result = Statistics()
            result.incidents = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM incident WHERE raised") ?? 0
            for row in try Row.fetchAll(db, sql: "SELECT state, COUNT(*) AS n, SUM(attempts) AS a FROM notice GROUP BY state") {
                let count: Int = row["n"]
                result.attempts += row["a"] as Int
                switch row["state"] as String {
                case "waiting": result.waiting = count
                case "delivered": result.delivered = count
                default: result.dead = count
                }
            }
            return result
        }
    }

    /// Puts a dead (or delivered) notice back on its way, with the same `webhook-id`. False when there is none of that id.
    public static func replay(_ id: Int64, in database: any DatabaseWriter) async throws -> Bool {
        let now = SystemTime.microseconds()
        return try await database.write { db in
            try db.execute(
                sql: "UPDATE notice SET state = 'waiting', attempts = 0, next_attempt_at = ?, ended_at = NULL WHERE id = ?",
                arguments: [now, id])
            return db.changesCount == 1
        }
    }

    /// Sends a marked test to the channel at once, without the outbox, and says what came of it.
    public static func test(_ channel: AlertChannel, client: OutboundClient) async -> DeliverySchedule.Outcome {
        let now = SystemTime.microseconds()
        let body =
            switch channel.format {
            case .generic: GenericNotice(testAt: now).json
            case .slack: SlackNotice(testAt: now).json
            }
        return await Courier.deliver(
            body: body, webhookID: "test_\(UUID().uuidString.lowercased())", to: channel, client: client, nowMicroseconds: now)
    }
}
