/// A row of an answer; columns are counted from 0.
protocol BookRow {
    func integer(_ column: Int) throws -> Int64
    func integerIfAny(_ column: Int) throws -> Int64?
    func text(_ column: Int) throws -> String
    func textIfAny(_ column: Int) throws -> String?
    func bytes(_ column: Int) throws -> [UInt8]
    /// A truth value, or an integer that is not 0.
    func flag(_ column: Int) throws -> Bool
}

/// A query in the engines' common SQL.
struct BookQuery: Sendable {
    var sql: String
    var arguments: [BookValue]

    init(_ sql: String, _ arguments: [BookValue] = []) {
        self.sql = sql
        self.arguments = arguments
    }
}

/// How an account's balance row is locked, by the account's id; further conditions may stand between the two parts.
struct BalanceLock: Sendable {
    var select: String
    var locking: String

    var sql: String { "\(select) \(locking)" }
}

/// One transaction on an engine, for what speaks SQL: the calls' session, pages, audit, fixtures and tax events.
protocol BookConnection {
    var dialect: Dialect { get }
    /// Locks an account's balance row by its id until the transaction ends; nil where nothing needs to be locked.
    var balanceLock: BalanceLock? { get }
    /// The queries' rows, each on the state that the one before it left; together, where a round trip costs something.
    func rows(_ queries: [BookQuery]) throws -> [[any BookRow]]
    /// Executes the steps, each of which must touch at least one row. Totals may come last.
    func carryOut(_ steps: [BookStep]) throws
    /// Executes one statement, whatever it touches.
    func execute(_ sql: String, _ arguments: [BookValue]) throws
    /// Keeps all others from changing the books until the transaction ends.
    func lockBooks() throws
    /// Waits until all that was executed is done.
    func settle() throws
}

extension BookConnection {
    func rows(_ sql: String, _ arguments: [BookValue] = []) throws -> [any BookRow] {
        try rows([BookQuery(sql, arguments)]).first ?? []
    }

    func execute(_ sql: String) throws { try execute(sql, []) }
}

/// Books on an engine, with the ways in for what stands beside the calls.
protocol BookStore: Books {
    /// Names of steps that are left out: how a test proves that the audit notices each of them.
    var omitting: Set<String> { get set }
    var outbox: any EventOutbox { get }
    /// Figures for `/metrics`.
    var metrics: [Metric] { get }

    /// Reads one consistent state.
    func look<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value
    /// Runs one transaction, kept unless `work` throws.
    func change<Value: Sendable>(_ work: @escaping @Sendable (any BookConnection) throws -> Value) async throws -> Value
    /// Like ``change(_:)``, for what may take minutes: loading, not payments.
    func changeAtLeisure<Value: Sendable>(
        _ work: @escaping @Sendable (any BookConnection) throws -> Value
    ) async throws -> Value
    func close() throws
}

extension BookStore {
    var ledger: any TaxLedger { StoredTaxLedger(books: self) }
}
