import Migration
import RolloutControl

/// `GET /rollout`: the status, and whether one more stage may begin.
struct RolloutAnswer: Encodable {
    let status: RolloutStatus

    init(_ status: RolloutStatus) { self.status = status }

    private enum Key: String, CodingKey { case mayMove }

    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(status.mayMove, forKey: .mayMove)
    }
}

/// `GET /rollout/history`
struct HistoryAnswer: Encodable {
    let schema = 1
    let entries: [AuditEntry]

    private enum CodingKeys: String, CodingKey { case schema, entries }
}

/// `GET /rollout/written-keys`: a page of them, the oldest first.
struct WrittenKeysAnswer: Encodable {
    struct Key: Encodable {
        var key: String
        /// Microseconds since 1970.
        var notedAt: Int64
        var writesBehind: Int
        var isDiverged: Bool
        var isUnverified: Bool
        var mismatches: Int
    }

    let schema = 1
    let total: Int
    let from: Int
    let keys: [Key]

    private enum CodingKeys: String, CodingKey { case schema, total, from, keys }

    init(total: Int, from: Int, keys: some Sequence<WrittenKey>) {
        self.total = total
        self.from = from
        self.keys = keys.map { key in
            Key(
                key: key.key, notedAt: key.notedAt, writesBehind: key.writesBehind, isDiverged: key.isDiverged,
                isUnverified: key.isUnverified, mismatches: key.mismatches)
        }
    }
}
