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
    let schema = 1
    let total: Int
    let from: Int
    let keys: [WrittenKey]

    private enum CodingKeys: String, CodingKey { case schema, total, from, keys }
}
