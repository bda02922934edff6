import Verdicts

/// A notice on its way to one channel, delivered, or given up.
public struct NoticeRow: Sendable {
    public enum State: String, Sendable, Codable {
        case waiting
        case delivered
        case dead
    }

    public var id: Int64
    /// The same on every attempt, so that a receiver can drop duplicates.
    public var webhookID: String
    public var channel: String
    /// Of the incident; nil for tests.
    public var fingerprint: String?
    public var body: String
    /// Microseconds since 1970.
    public var createdAt: Int64
    public var state: State
    public var attempts: Int
    public var nextAttemptAt: Int64
    /// `HTTP 500`, `connection refused …`: what the last attempt met.
    public var lastOutcome: String?

    /// What is read of a notice: a folder of an earlier version, whose notices nobody could claim, can be read as well.
    static let columns =
        "id, webhook_id, channel, fingerprint, body, created_at, state, attempts, next_attempt_at, last_outcome"

    /// Reads a row of ``columns``.
    init(_ row: SQLRow) throws {
        id = try row.integer(0)
        webhookID = try row.text(1)
        channel = try row.text(2)
        fingerprint = try row.textIfAny(3)
        body = try row.text(4)
        createdAt = try row.integer(5)
        state = State(rawValue: try row.text(6)) ?? .waiting
        attempts = Int(try row.integer(7))
        nextAttemptAt = try row.integer(8)
        lastOutcome = try row.textIfAny(9)
    }

    static func insert(
        _ connection: any SQLConnection, webhookID: String, channel: String, fingerprint: String?, body: String,
        nowMicroseconds: Int64
    ) throws {
        try connection.execute(
            """
            INSERT INTO notice (webhook_id, channel, fingerprint, body, created_at, state, next_attempt_at)
            VALUES (?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (webhook_id) DO NOTHING
            """,
            [
                .text(webhookID), .text(channel), SQLValue(fingerprint), .text(body), .integer(nowMicroseconds),
                .integer(nowMicroseconds),
            ])
    }
}
