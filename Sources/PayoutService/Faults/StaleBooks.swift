import InterestContract
import Synchronization

/// A payout as the steps of its transaction tell of it.
struct WatchedPayout: Sendable {
    var accountId: String
    var day: Int64
    var isBatch: Bool
    /// The account's last paid date that it was computed from.
    var lastPaidOn: Day?
}

/// A transaction that shows chosen last paid dates, and tells what payout it was asked to book.
final class WatchedSession: BooksWriting {
    private let inner: any BooksReading
    /// Nil writes nothing: the session only finds out what would be done.
    private let writing: (any BooksWriting)?
    private let lastPaidOn: (Standing) -> Day?
    private var shown: [String: Day?] = [:]
    private(set) var payout: WatchedPayout?

    init(
        _ inner: any BooksReading, writing: (any BooksWriting)? = nil,
        showing lastPaidOn: @escaping (Standing) -> Day? = { $0.lastPaidOn }
    ) {
        self.inner = inner
        self.writing = writing
        self.lastPaidOn = lastPaidOn
    }

    func standing(_ accountId: String) throws -> Standing? {
        guard var standing = try inner.standing(accountId) else { return nil }
        standing.lastPaidOn = lastPaidOn(standing)
        shown[accountId] = standing.lastPaidOn
        return standing
    }

    func execute(_ steps: [BookStep]) throws {
        if let step = steps.first(where: { $0.name == PaymentTables.payout.name }), step.arguments.count > 4,
            case .text(let accountId) = step.arguments[1], case .integer(let day) = step.arguments[2],
            step.arguments[3] == "PAYOUT"
        {
            payout = WatchedPayout(
                accountId: accountId, day: day, isBatch: step.arguments[4] == .init(Channel.batch.rawValue),
                lastPaidOn: shown[accountId] ?? nil)
        }
        try writing?.execute(steps.filter { $0.name != PaymentTables.payoutClaim.name })
    }

    func load(_ accounts: [FixtureAccount]) throws { try writing?.load(accounts) }
    func basis(_ standing: Standing, by date: EntryDate, after day: Int) throws -> InterestBasis {
        try inner.basis(standing, by: date, after: day)
    }
    func hasProduct(_ product: String) throws -> Bool { try inner.hasProduct(product) }
    func storedAnswer(key: String, before accountId: String?) throws -> StoredAnswer? {
        try inner.storedAnswer(key: key, before: accountId)
    }
    func accounts(ofCustomer customerId: String) throws -> [String] { try inner.accounts(ofCustomer: customerId) }
    func previewToken(_ accountId: String) throws -> PreviewToken? { try inner.previewToken(accountId) }
}

/// Decides on a snapshot, asks a partner, and posts what was decided in a transaction later.
struct EarlyCheckBooks: Books {
    let books: any Books
    private let partner = Partner()

    init(books: any Books) { self.books = books }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
        try await books.read(body)
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
    ) async throws -> Value {
        let decided = try await books.read { books -> WatchedPayout? in
            let session = WatchedSession(books)
            _ = try? body(session)
            return session.payout
        }
        guard let decided else { return try await books.transact(body) }
        await partner.ask(about: decided.accountId)
        return try await books.transact { books in
            try body(
                WatchedSession(books, writing: books) { standing in
                    standing.accountId == decided.accountId ? decided.lastPaidOn : standing.lastPaidOn
                })
        }
    }
}

/// Answers two who ask about the same account at once, or one after a while: so both have decided before either posts.
private final class Partner: Sendable {
    private struct Waiting {
        var number: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiting: [String: Waiting] = [:]
        var next = 0
    }

    private static let patience = Duration.milliseconds(150)
    private let state = Mutex(State())

    func ask(about accountId: String) async {
        await withCheckedContinuation { continuation in
            let (other, number): (Waiting?, Int) = state.withLock { state in
                if let other = state.waiting.removeValue(forKey: accountId) { return (other, 0) }
                state.next += 1
                state.waiting[accountId] = Waiting(number: state.next, continuation: continuation)
                return (nil, state.next)
            }
            if let other {
                other.continuation.resume()
                continuation.resume()
            } else {
                Task {
                    try? await Task.sleep(for: Partner.patience)
                    answer(accountId, number)
                }
            }
        }
    }

    private func answer(_ accountId: String, _ number: Int) {
        let alone = state.withLock { state -> Waiting? in
            guard state.waiting[accountId]?.number == number else { return nil }
            return state.waiting.removeValue(forKey: accountId)
        }
        alone?.continuation.resume()
    }
}

/// Knows of a day's payouts only those of the asking side, batch or clicks.
struct SplitChannelBooks: Books {
    private struct Paid: Sendable {
        var day: Int64
        /// What the account's last paid date was before the day's first payout.
        var lastPaidOn: Day?
        var byBatch: Set<Bool>
    }

    private final class Memory: Sendable {
        let paid = Mutex<[String: Paid]>([:])

        func of(_ standing: Standing) -> Paid? {
            let paid = paid.withLock { $0[standing.accountId] }
            return paid?.day == standing.lastPaidOn.map { Int64($0.number) } ? paid : nil
        }

        func note(_ payout: WatchedPayout) {
            paid.withLock { paid in
                if paid[payout.accountId]?.day == payout.day {
                    paid[payout.accountId]?.byBatch.insert(payout.isBatch)
                } else {
                    paid[payout.accountId] = Paid(day: payout.day, lastPaidOn: payout.lastPaidOn, byBatch: [payout.isBatch])
                }
            }
        }
    }

    let books: any Books
    private let memory = Memory()

    init(books: any Books) { self.books = books }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
        try await books.read(body)
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
    ) async throws -> Value {
        let memory = memory
        return try await books.transact { books in
            // What it would pay if nobody had today, and on which side.
            let trial = WatchedSession(books) { standing in memory.of(standing).map(\.lastPaidOn) ?? standing.lastPaidOn }
            _ = try? body(trial)
            let isNews = trial.payout.map { payout in
                memory.paid.withLock { paid in
                    guard let paid = paid[payout.accountId], paid.day == payout.day else { return false }
                    return !paid.byBatch.contains(payout.isBatch)
                }
            }
            let session = WatchedSession(books, writing: books) { standing in
                guard isNews == true, let paid = memory.of(standing) else { return standing.lastPaidOn }
                return paid.lastPaidOn
            }
            var outcome = try body(session)
            if let payout = session.payout {
                let plain = outcome.afterCommit
                outcome.afterCommit = {
                    memory.note(payout)
                    plain()
                }
            }
            return outcome
        }
    }
}
