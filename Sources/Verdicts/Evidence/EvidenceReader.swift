internal import GRDB

/// Which evidence to list; nil takes all.
public struct EvidenceFilter: Sendable, Hashable {
    public var operation: String?
    public var verdict: Verdict?
    public var fingerprint: String?
    /// Recorded at or after this instant, microseconds since 1970.
    public var sinceMicroseconds: Int64?
    /// Mismatches that follow from an earlier one of the same key.
    public var includesCascades = true
    public var limit = 100

    public init(
        operation: String? = nil, verdict: Verdict? = nil, fingerprint: String? = nil, sinceMicroseconds: Int64? = nil,
        includesCascades: Bool = true, limit: Int = 100
    ) {
        self.operation = operation
        self.verdict = verdict
        self.fingerprint = fingerprint
        self.sinceMicroseconds = sinceMicroseconds
        self.includesCascades = includesCascades
        self.limit = limit
    }
}

/// Reads stored evidence, also while the proxy runs.
public struct EvidenceReader: Sendable {
    private let database: StateDatabase

    public init(_ database: StateDatabase) { self.database = database }

    /// How many mismatches of written keys stand in this folder's evidence, by key, each since it was noted; noise is none.
    public func mismatchesOfWrittenKeys() throws(StateError) -> [String: Int] {
        try database.reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT w.key, count(*) FROM evidence AS e, json_each(e.keys) AS k JOIN written_key AS w ON w.key = k.value
                    WHERE e.recorded_at >= w.noted_at AND e.verdict = ? AND e.persistence <> ? GROUP BY w.key
                    """, arguments: [Verdict.mismatch.rawValue, Persistence.noise.rawValue])
            return rows.reduce(into: [:]) { counts, row in
                if let key = String.fromDatabaseValue(row[0]), let count = Int.fromDatabaseValue(row[1]) { counts[key] = count }
            }
        }
    }

    public func fetch(id: String) throws(StateError) -> Evidence? {
        try database.reading { db in
            try Self.fetch(id: id, on: SQLiteConnection(db))
        }
    }

    /// The evidence of that id in a store, be it embedded or shared.
    public static func fetch(id: String, in store: some SQLStore) async throws -> Evidence? {
        try await store.read { connection in try fetch(id: id, on: connection) }
    }

    private static func fetch(id: String, on connection: some SQLConnection) throws -> Evidence? {
        try connection.rows("SELECT \(EvidenceColumns.names) FROM evidence WHERE id = ?", [.text(id)]).first
            .map(EvidenceColumns.evidence)
    }

    /// Newest first.
    public func list(_ filter: EvidenceFilter = EvidenceFilter()) throws(StateError) -> [Evidence] {
        try database.reading { db in
            let (condition, arguments) = Self.condition(filter)
            return try SQLiteConnection(db).rows(
                "SELECT \(EvidenceColumns.names) FROM evidence WHERE \(condition) ORDER BY seq DESC LIMIT ?",
                arguments + [SQLValue(max(0, filter.limit))]
            ).map(EvidenceColumns.evidence)
        }
    }

    /// How much evidence fits the filter, whatever its limit.
    public func count(_ filter: EvidenceFilter = EvidenceFilter()) throws(StateError) -> Int {
        try database.reading { db in
            let (condition, arguments) = Self.condition(filter)
            return try SQLiteConnection(db).rows("SELECT count(*) FROM evidence WHERE \(condition)", arguments).first
                .map { Int(try $0.integer(0)) } ?? 0
        }
    }

    private static func condition(_ filter: EvidenceFilter) -> (sql: String, arguments: [SQLValue]) {
        var terms = ["1"]
        var arguments: [SQLValue] = []
        func add(_ term: String, _ value: SQLValue?) {
            guard let value else { return }
            terms.append(term)
            arguments.append(value)
        }
        add("operation = ?", filter.operation.map { .text($0) })
        add("verdict = ?", filter.verdict.map { SQLValue($0.rawValue) })
        add("fingerprint = ?", filter.fingerprint.map { .text($0) })
        add("recorded_at >= ?", filter.sinceMicroseconds.map { .integer($0) })
        if !filter.includesCascades { terms.append("cascade_of IS NULL") }
        return (terms.joined(separator: " AND "), arguments)
    }
}
