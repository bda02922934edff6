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
    /// Of the first incident that it tells; nil for heartbeats.
    public var fingerprint: String?
    public var body: String
    /// Microseconds since 1970.
    public var createdAt: Int64
    public var state: State
    public var attempts: Int
    public var nextAttemptAt: Int64
    /// `HTTP 500`, `connection refused …`: what the last attempt met.
    public var lastOutcome: String?

    /// What it tells: `incident.opened`, `incident.digest`, `heartbeat` …
    public var kind: String

    /// What is read of a notice.
    static let columns =
        "id, webhook_id, channel, fingerprint, body, created_at, state, attempts, next_attempt_at, last_outcome, kind"

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
        kind = try row.text(10)
    }

    /// Writes a notice of its way. For a disabled channel it is a dead letter at once, to be replayed once the channel is enabled.
    static func insert(
        _ notice: Notice, format: AlertFormat, isDisabled: Bool, _ connection: any SQLConnection
    ) throws {
        let items = notice.items.map {
            NoticeItemMark(fingerprint: $0.incident.fingerprint, step: $0.step, sequence: $0.sequence)
        }
        try connection.execute(
            """
            INSERT INTO notice (webhook_id, channel, fingerprint, body, created_at, state, next_attempt_at, kind, items, last_outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (webhook_id) DO NOTHING
            """,
            [
                .text(notice.id), .text(notice.channel), SQLValue(notice.items.first?.incident.fingerprint),
                .text(notice.body(for: format)), .integer(notice.at), .text(isDisabled ? "dead" : "waiting"),
                .integer(notice.at), .text(notice.kind.name), .text(NoticeJSON.encode(items)),
                SQLValue(isDisabled ? "the channel is disabled" : nil as String?),
            ])
    }
}

/// Which step of which incident a notice tells.
struct NoticeItemMark: Codable, Hashable {
    let fingerprint: String
    let step: IncidentStep
    let sequence: Int
}
