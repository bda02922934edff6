import Verdicts

/// Counts clean comparisons for live incidents. Only what a proxy counted since its last reading is added, and only if that reading was taken
/// after the incident's latest disagreement: what was clean before proves nothing. A first reading, and one that counts less than
/// the one before (a restart on an older ledger), is only a beginning.
struct CleanCounts {
    private let connection: any SQLConnection
    private let now: Int64

    init(_ connection: any SQLConnection, at now: Int64) {
        self.connection = connection
        self.now = now
    }

    /// Adds what is new to the incidents, and resolves those that have enough.
    func advance(_ reading: VerifierReading, _ live: [Incident], resolveAfter: Int) throws -> [Incident] {
        let loses = try note(reading)
        try forgetGone()
        let isDiverged = try connection.rows("SELECT 1 FROM verifier WHERE diverged > 0 LIMIT 1").first != nil
        var grown: [String: (clean: Int, since: Int64)] = [:]
        for operation in Set(live.filter { $0.hasEvidence && $0.life.state == .open }.map(\.operation)) {
            guard let counts = reading.operations.first(where: { $0.operation == operation }) else { continue }
            if let growth = try growth(reading.source, operation, clean: counts[.match] + counts[.tolerated]) {
                grown[operation] = growth
            }
        }
        return try live.map { incident in
            guard incident.hasEvidence, incident.life.state == .open else { return incident }
            var incident = incident
            if loses, incident.life.clean > 0 {
                incident.life.clean = 0
                try incident.save(connection)
            }
            guard !loses, let (clean, since) = grown[incident.operation], clean > 0, since >= incident.life.disagreedAt else {
                return incident
            }
            // Clean comparisons of other keys prove nothing about a key that has diverged.
            if incident.kind == Trouble.diverged.rawValue, isDiverged { return incident }
            incident.life.clean += clean
            if incident.life.clean >= resolveAfter {
                incident.life.resolve(
                    at: now, because: "\(incident.life.clean) clean comparisons of \(incident.operation) since")
            }
            try incident.save(connection)
            return incident
        }
    }

    /// - Returns: whether evidence was lost since the reading before.
    private func note(_ reading: VerifierReading) throws -> Bool {
        let before = try connection.rows("SELECT lost FROM verifier WHERE source = ?", [.text(reading.source)]).first?.integer(0)
        try connection.execute(
            """
            INSERT INTO verifier (source, at, lost, diverged) VALUES (?, ?, ?, ?)
            ON CONFLICT (source) DO UPDATE SET at = excluded.at, lost = excluded.lost, diverged = excluded.diverged
            """,
            [.text(reading.source), .integer(now), SQLValue(reading.evidenceLost), SQLValue(reading.keysDiverged)])
        return Int64(reading.evidenceLost) > before ?? 0
    }

    /// What a proxy said that has not been heard of for a day: it was replaced, and what it knew of is no longer there. While an incident
    /// is open every proxy is read each second.
    private func forgetGone() throws {
        let oldest = now - Self.sourcesKept
        for table in ["verifier", "clean_source"] {
            try connection.execute("DELETE FROM \(table) WHERE at < ?", [.integer(oldest)])
        }
    }

    static let sourcesKept: Int64 = 86_400_000_000

    private func growth(_ source: String, _ operation: String, clean: Int) throws -> (clean: Int, since: Int64)? {
        let before = try connection.rows(
            "SELECT clean, at FROM clean_source WHERE source = ? AND operation = ?", [.text(source), .text(operation)]
        ).first
        try connection.execute(
            """
            INSERT INTO clean_source (source, operation, clean, at) VALUES (?, ?, ?, ?)
            ON CONFLICT (source, operation) DO UPDATE SET clean = excluded.clean, at = excluded.at
            """, [.text(source), .text(operation), SQLValue(clean), .integer(now)])
        guard let before else { return nil }
        return (clean - Int(try before.integer(0)), try before.integer(1))
    }
}
