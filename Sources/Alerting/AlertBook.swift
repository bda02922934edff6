import Foundation
public import Outbound
public import Verdicts

/// What can be asked and done about incidents and notices from outside: lists, replays, tests.
public struct AlertBook: Sendable {
    private let store: any SQLStore

    public init(store: any SQLStore) { self.store = store }

    /// The latest first.
    public func incidents(limit: Int = 1_000) async throws -> [Incident] {
        try await store.read { connection in try Incident.latest(connection, limit) }
    }

    /// Notices of one state or of all, the latest written first.
    public func notices(state: NoticeRow.State? = nil, limit: Int = 1_000) async throws -> [NoticeRow] {
        try await store.read { connection in
            let condition = state == nil ? "" : "WHERE state = ?"
            return try connection.rows(
                "SELECT \(NoticeRow.columns) FROM notice \(condition) ORDER BY id DESC LIMIT ?",
                (state.map { [.text($0.rawValue)] } ?? []) + [SQLValue(limit)]
            ).map { try NoticeRow($0) }
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
        try await store.read { connection in
            var result = Statistics()
            if let row = try connection.rows("SELECT COUNT(*) FROM incident WHERE raised <> 0").first {
                result.incidents = Int(try row.integer(0))
            }
            // A sum of 64-bit integers is of a wider type in PostgreSQL.
            for row in try connection.rows(
                "SELECT state, COUNT(*), CAST(SUM(attempts) AS BIGINT) FROM notice GROUP BY state")
            {
                let count = Int(try row.integer(1))
                result.attempts += Int(try row.integer(2))
                switch try row.text(0) {
                case "waiting": result.waiting = count
                case "delivered": result.delivered = count
                default: result.dead = count
                }
            }
            return result
        }
    }

    /// Puts a dead (or delivered) notice back on its way, with the same `webhook-id`. False when there is none of that id.
    public func replay(_ id: Int64) async throws -> Bool {
        let now = SystemTime.microseconds()
        return try await store.write { connection in
            let changed = try connection.rows(
                """
                UPDATE notice SET state = 'waiting', attempts = 0, next_attempt_at = ?, ended_at = NULL WHERE id = ? RETURNING id
                """, [.integer(now), .integer(id)])
            return changed.count == 1
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
