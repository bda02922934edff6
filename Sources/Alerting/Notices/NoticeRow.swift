import GRDB

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

    init(_ row: Row) {
        id = row["id"]
        webhookID = row["webhook_id"]
        channel = row["channel"]
        fingerprint = row["fingerprint"]
        body = row["body"]
        createdAt = row["created_at"]
        state = State(rawValue: row["state"] as String) ?? .waiting
        attempts = row["attempts"]
        nextAttemptAt = row["next_attempt_at"]
        lastOutcome = row["last_outcome"]
    }

    static func insert(
        _ db: Database, webhookID: String, channel: String, fingerprint: String?, body: String, nowMicroseconds: Int64
    ) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO notice (webhook_id, channel, fingerprint, body, created_at, state, next_attempt_at)
                VALUES (?, ?, ?, ?, ?, 'waiting', ?)
                """, arguments: [webhookID, channel, fingerprint, body, nowMicroseconds, nowMicroseconds])
    }
}
