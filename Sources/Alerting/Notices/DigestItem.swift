import Verdicts

/// A step of an incident that one channel will hear of in a digest.
struct DigestItem {
    let channel: String
    let fingerprint: String
    let step: IncidentStep
    let sequence: Int
    let at: Int64

    init(channel: String, _ item: Notice.Item, at: Int64) {
        self.channel = channel
        fingerprint = item.incident.fingerprint
        step = item.step
        sequence = item.sequence
        self.at = at
    }

    private init(_ channel: String, _ row: SQLRow) throws {
        self.channel = channel
        fingerprint = try row.text(0)
        step = IncidentStep(rawValue: try row.text(1)) ?? .updated
        sequence = Int(try row.integer(2))
        at = try row.integer(3)
    }

    /// The latest step of an incident stands for those before it.
    func save(_ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO digest_item (channel, fingerprint, step, sequence, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (channel, fingerprint) DO UPDATE SET step = excluded.step, sequence = excluded.sequence
            """, [.text(channel), .text(fingerprint), .text(step.rawValue), SQLValue(sequence), .integer(at)])
    }

    func delete(_ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM digest_item WHERE channel = ? AND fingerprint = ?", [.text(channel), .text(fingerprint)])
    }

    func item(_ connection: any SQLConnection) throws -> Notice.Item? {
        try Incident.fetch(connection, fingerprint: fingerprint).map {
            Notice.Item(incident: $0, step: step, sequence: sequence)
        }
    }

    /// The oldest first.
    static func waiting(for channel: String, _ limit: Int, _ connection: any SQLConnection) throws -> [DigestItem] {
        try connection.rows(
            "SELECT fingerprint, step, sequence, at FROM digest_item WHERE channel = ? ORDER BY at, fingerprint LIMIT ?",
            [.text(channel), SQLValue(limit)]
        ).map { try DigestItem(channel, $0) }
    }
}
