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

    /// The operations of which there ever was an incident.
    public func operations() async throws -> [String] {
        try await store.read { connection in
            try connection.rows("SELECT DISTINCT operation FROM incident WHERE rollout IS NULL ORDER BY operation", [])
                .map { try $0.text(0) }
        }
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
            if let row = try connection.rows("SELECT COUNT(*) FROM incident WHERE raised <> 0 AND state = 'open'").first {
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

    /// Puts a dead (or delivered) notice back on its way, with the same `webhook-id`. False when there is none of that id. One to a disabled
    /// channel goes once the channel is enabled.
    public func replay(_ id: Int64) async throws -> Bool {
        let now = SystemTime.microseconds()
        return try await store.write { connection in
            let changed = try connection.rows(
                """
                UPDATE notice SET state = 'waiting', attempts = 0, next_attempt_at = ?, ended_at = NULL, folded_into = NULL
                WHERE id = ? RETURNING id
                """, [.integer(now), .integer(id)])
            return changed.count == 1
        }
    }

    public func notice(_ id: Int64) async throws -> NoticeRow? {
        try await store.read { connection in
            try connection.rows("SELECT \(NoticeRow.columns) FROM notice WHERE id = ?", [.integer(id)]).first.map {
                try NoticeRow($0)
            }
        }
    }

    /// The incident of an id as notices show it (`inc_…`), or of its first characters where they are enough.
    public func incident(_ id: String) async throws -> Incident? {
        let wanted = id.hasPrefix("inc_") ? String(id.dropFirst(4)) : id
        return try await store.read { connection in
            if let incident = try Incident.fetch(connection, fingerprint: wanted) { return incident }
            guard wanted.count >= 4, wanted.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
            let found = try connection.rows(
                "SELECT fingerprint FROM incident WHERE fingerprint LIKE ? LIMIT 2", [.text(wanted + "%")])
            guard found.count == 1 else { return nil }
            return try Incident.fetch(connection, fingerprint: try found[0].text(0))
        }
    }

    /// Notices that tell of an incident, in the order in which they were written.
    public func notices(of incident: Incident) async throws -> [NoticeRow] {
        let mark = "%\"\(incident.fingerprint)\"%"
        return try await store.read { connection in
            try connection.rows(
                "SELECT \(NoticeRow.columns) FROM notice WHERE fingerprint = ? OR items LIKE ? ORDER BY id LIMIT 200",
                [.text(incident.fingerprint), .text(mark)]
            ).map { try NoticeRow($0) }
        }
    }

    // MARK: Silences

    /// The latest first, those that are over too.
    public func silences(limit: Int = 1_000) async throws -> [Silence] {
        try await store.read { connection in try Silence.latest(connection, limit) }
    }

    /// Silences what fits, from now on.
    ///
    /// - Parameters:
    ///   - fingerprint: of one incident; nil: of any.
    ///   - seconds: how long.
    public func silence(
        operation: String?, fingerprint: String?, author: String, reason: String, seconds: Int64,
        nowMicroseconds now: Int64 = SystemTime.microseconds()
    ) async throws -> Silence? {
        try await store.write { connection in
            try Silence.insert(
                operation: operation, fingerprint: fingerprint, author: author, reason: reason, from: now,
                to: now + seconds * 1_000_000, connection)
        }
    }

    /// False when none of that id holds any more.
    public func endSilence(
        _ id: Int64, by author: String, nowMicroseconds now: Int64 = SystemTime.microseconds()
    ) async throws -> Bool {
        try await store.write { connection in try Silence.end(id, by: author, at: now, connection) }
    }

    // MARK: Channels

    public func channelStates() async throws -> [ChannelState] {
        try await store.read { connection in try ChannelState.all(connection) }
    }

    /// Lets a channel that was disabled be used again. False when it is not disabled.
    public func enable(_ channel: String) async throws -> Bool {
        try await store.write { connection in try ChannelState.enable(channel, connection) }
    }

    /// Sends a marked test to the channel at once, without the outbox, and says what came of it.
    public static func test(
        _ channel: AlertChannel, client: OutboundClient, standing: NoticeStanding? = nil
    ) async -> DeliverySchedule.Outcome {
        let now = SystemTime.microseconds()
        let notice = Notice(
            id: "test_\(UUID().uuidString.lowercased())", kind: .test, at: now, channel: channel.name, group: nil, items: [],
            standing: standing)
        return await Courier.deliver(
            body: notice.body(for: channel.format), webhookID: notice.id, to: channel, client: client, nowMicroseconds: now)
    }
}
