import InterestContract

/// The store of the books. SQLite stands behind it by default; another engine is another implementation.
protocol Books: Sendable {
    /// Reads one consistent state.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value

    /// Runs one transaction. It is kept unless the outcome says otherwise or the body throws; `afterCommit` runs right after it became
    /// visible, before anybody is told of it.
    func transact<Value: Sendable>(_ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>) async throws -> Value
}

struct Outcome<Value: Sendable>: Sendable {
    var value: Value
    var isKept = true
    var afterCommit: @Sendable () -> Void = {}
}

/// What the calls read.
protocol BooksReading {
    /// The account with its customer; nil if there is none. In a transaction, its balance row is locked, and no other.
    func standing(_ accountId: String) throws -> Standing?
    /// What the account's interest rests on: its movements by this date, of days later than `day`, and its product's schedules.
    func basis(_ standing: Standing, by date: EntryDate, after day: Int) throws -> InterestBasis
    func hasProduct(_ product: String) throws -> Bool
    /// - Parameter accountId: whose standing is asked for next, where no answer is kept: an engine may fetch both at once.
    func storedAnswer(key: String, before accountId: String?) throws -> StoredAnswer?
    func accounts(ofCustomer customerId: String) throws -> [String]
    /// Everything a preview of the account rests on, as versions; nil if there is no such account.
    func previewToken(_ accountId: String) throws -> PreviewToken?
}

/// What a transaction may do beyond reading.
protocol BooksWriting: BooksReading {
    /// Executes the steps in order. Each must touch at least one row.
    func execute(_ steps: [BookStep]) throws
    /// Puts whole accounts in, replacing those of the same id.
    func load(_ accounts: [FixtureAccount]) throws
}

/// The answer kept under an idempotency key, with what was asked.
struct StoredAnswer: Sendable, Hashable {
    var method: String
    var target: String
    var body: [UInt8]
    var reply: Reply
}
