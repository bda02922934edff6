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

    public func fetch(id: String) throws(StateError) -> Evidence? {
        try database.reading { db in
            try Row.fetchOne(db, sql: "SELECT * FROM evidence WHERE id = ?", arguments: [id]).map(EvidenceTable.evidence)
        }
    }

    /// Newest first.
    public func list(_ filter: EvidenceFilter = EvidenceFilter()) throws(StateError) -> [Evidence] {
        try database.reading { db in
            let (condition, arguments) = Self.condition(filter)
            return try Row.fetchAll(
                db, sql: "SELECT * FROM evidence WHERE \(condition) ORDER BY seq DESC LIMIT ?",
                arguments: arguments + [max(0, filter.limit)]
            ).map(EvidenceTable.evidence)
        }
    }

    /// How much evidence fits the filter, whatever its limit.
    public func count(_ filter: EvidenceFilter = EvidenceFilter()) throws(StateError) -> Int {
        try database.reading { db in
            let (condition, arguments) = Self.condition(filter)
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM evidence WHERE \(condition)", arguments: arguments) ?? 0
        }
    }

    private static func condition(_ filter: EvidenceFilter) -> (sql: String, arguments: StatementArguments) {
        var terms = ["1"]
        var arguments = StatementArguments()
        func add(_ term: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            terms.append(term)
            arguments += [value]
        }
        add("operation = ?", filter.operation)
        add("verdict = ?", filter.verdict?.rawValue)
        add("fingerprint = ?", filter.fingerprint)
        add("recorded_at >= ?", filter.sinceMicroseconds)
        if !filter.includesCascades { terms.append("cascade_of IS NULL") }
        return (terms.joined(separator: " AND "), arguments)
    }
}
