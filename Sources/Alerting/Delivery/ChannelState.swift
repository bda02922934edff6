import Verdicts

/// How a channel does: kept in the store, so that a restart and the other proxies know.
public struct ChannelState: Sendable, Hashable {
    public var channel: String
    /// Attempts that failed in a row.
    public var failures: Int
    /// No attempt is made before, microseconds since 1970.
    public var pausedUntil: Int64
    /// Since when the channel is disabled; nil: it is not.
    public var disabledAt: Int64?
    public var disabledBecause: String?

    /// Failures in a row after which the breaker opens.
    static let failuresMax = 5

    private static let columns = "channel, failures, paused_until, disabled_at, disabled_because"

    private init(_ row: SQLRow) throws {
        channel = try row.text(0)
        failures = Int(try row.integer(1))
        pausedUntil = try row.integer(2)
        disabledAt = try row.integerIfAny(3)
        disabledBecause = try row.textIfAny(4)
    }

    /// Those that something was ever noted of.
    static func all(_ connection: any SQLConnection) throws -> [ChannelState] {
        try connection.rows("SELECT \(columns) FROM channel_state ORDER BY channel").map { try ChannelState($0) }
    }

    static func of(_ channel: String, _ connection: any SQLConnection) throws -> ChannelState? {
        try connection.rows("SELECT \(columns) FROM channel_state WHERE channel = ?", [.text(channel)]).first.map {
            try ChannelState($0)
        }
    }

    // MARK: Bounds

    /// Takes one of the notices that a channel gets within a window; false when none is left.
    ///
    /// - Parameter isCritical: whether it may take one of as many again that are kept for what can't wait.
    static func takePlace(
        _ channel: String, _ pace: AlertPace, isCritical: Bool = false, now: Int64, _ connection: any SQLConnection
    ) throws -> Bool {
        let places = isCritical ? 2 * pace.noticesMax : pace.noticesMax
        let began = now - Int64(pace.noticesPerMs) * 1_000
        return try connection.rows(
            """
            INSERT INTO channel_state (channel, window_from, window_count) VALUES (?, ?, 1)
            ON CONFLICT (channel) DO UPDATE SET
                window_count = CASE WHEN channel_state.window_from <= ? THEN 1 ELSE channel_state.window_count + 1 END,
                window_from = CASE WHEN channel_state.window_from <= ? THEN excluded.window_from ELSE channel_state.window_from END
            WHERE channel_state.window_from <= ? OR channel_state.window_count < ?
            RETURNING channel
            """,
            [
                .text(channel), .integer(now), .integer(began), .integer(began), .integer(began), SQLValue(places),
            ]
        ).count == 1
    }

    /// Takes a heartbeat's turn; false when it was taken before.
    static func takeBeat(_ channel: String, _ turn: Int64, _ connection: any SQLConnection) throws -> Bool {
        try connection.rows(
            """
            INSERT INTO channel_state (channel, heartbeat_at) VALUES (?, ?)
            ON CONFLICT (channel) DO UPDATE SET heartbeat_at = excluded.heartbeat_at
            WHERE channel_state.heartbeat_at < excluded.heartbeat_at RETURNING channel
            """, [.text(channel), .integer(turn)]
        ).count == 1
    }

    // MARK: What deliveries say

    /// An attempt failed: after some in a row the breaker opens, for a minute at first, for a quarter of an hour at last.
    ///
    /// - Parameter retryAfterSeconds: for how long the receiver asks to be left alone.
    static func noteFailure(
        _ channel: String, retryAfterSeconds: Int64?, now: Int64, _ connection: any SQLConnection
    ) throws {
        let failures = (try of(channel, connection)?.failures ?? 0) + 1
        let pause = failures < failuresMax ? 0 : min(60 << min(failures - failuresMax, 4), 900)
        let seconds = max(Int64(pause), min(retryAfterSeconds ?? 0, DeliverySchedule.retryAfterSecondsMax))
        try connection.execute(
            """
            INSERT INTO channel_state (channel, failures, paused_until) VALUES (?, ?, ?)
            ON CONFLICT (channel) DO UPDATE SET failures = excluded.failures, paused_until = excluded.paused_until
            """, [.text(channel), SQLValue(failures), .integer(seconds == 0 ? 0 : now + seconds * 1_000_000)])
    }

    /// - Returns: whether the breaker was open until now.
    static func noteDelivery(_ channel: String, _ connection: any SQLConnection) throws -> Bool {
        guard let state = try of(channel, connection), state.failures > 0 || state.pausedUntil > 0 else { return false }
        try connection.execute(
            "UPDATE channel_state SET failures = 0, paused_until = 0 WHERE channel = ?", [.text(channel)])
        return state.failures >= failuresMax
    }

    /// The receiver is gone for good: what waits for it is given up, until somebody enables the channel again.
    static func disable(_ channel: String, because reason: String, now: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO channel_state (channel, disabled_at, disabled_because) VALUES (?, ?, ?)
            ON CONFLICT (channel) DO UPDATE SET disabled_at = excluded.disabled_at, disabled_because = excluded.disabled_because
            """, [.text(channel), .integer(now), .text(reason)])
        try connection.execute(
            "UPDATE notice SET state = 'dead', last_outcome = ?, ended_at = ? WHERE channel = ? AND state = 'waiting'",
            [.text("the channel is disabled: \(reason)"), .integer(now), .text(channel)])
    }

    /// False when it is not disabled.
    static func enable(_ channel: String, _ connection: any SQLConnection) throws -> Bool {
        try connection.rows(
            """
            UPDATE channel_state SET disabled_at = NULL, disabled_because = NULL, failures = 0, paused_until = 0
            WHERE channel = ? AND disabled_at IS NOT NULL RETURNING channel
            """, [.text(channel)]
        ).count == 1
    }
}
