import GRDB
import InterestContract
import Logging

@testable import LegacyCore

/// A legacy core over a store of its own, asked without a socket.
struct Bank {
    let core: LegacyCore
    private let desk: Desk

    static let today = "2026-03-02T09:00:00+09:00"

    init(
        on store: BankStore = .memory, _ accounts: [FixtureAccount] = [Bank.account()], allowFixtures: Bool = false,
        foreignKeys: Bool = true, now: Int64 = 1_772_409_600
    ) async throws {
        core = try await LegacyCore(
            LegacyCoreConfiguration(
                store: store.open(), products: Bank.products(), accounts: accounts, allowFixtures: allowFixtures),
            logger: Bank.logger, foreignKeys: foreignKeys, now: { now })
        desk = core.desk
    }

    private init(core: LegacyCore, desk: Desk) {
        self.core = core
        self.desk = desk
    }

    /// The same books, served by a core that leaves out one step of each payout.
    func omitting(_ step: String) -> Bank {
        let calls = CoreCalls(database: core.database, executor: StepExecutor(omitted: step))
        return Bank(core: core, desk: Desk(calls: calls, allowFixtures: false, now: core.desk.now, logger: Bank.logger))
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func products() throws -> ProductCatalogue {
        ProductCatalogue(schedules: [
            "DEMAND-2": [try schedule("2020-01-01", [(nil, 20_000)])],
            "TIER-100": [try schedule("2020-01-01", [(100_000_000, 20_000), (nil, 1_000)])],
            "TIER-50": [try schedule("2020-01-01", [(50_000_000, 23_000), (nil, 40_000)])],
            "STEP-2022": [
                try schedule("2020-01-01", [(nil, 23_000)]),
                try schedule("2022-12-13", [(50_000_000, 23_000), (nil, 40_000)]),
            ],
        ])
    }

    static func schedule(_ since: String, _ bands: [(Int64?, Int64)]) throws -> RateSchedule {
        try RateSchedule(since: date(since), bands: bands.map { RateBand(upTo: $0.0, ppm: $0.1) })
    }

    static func date(_ text: String) -> CivilDate {
        guard let date = CivilDate(text) else { preconditionFailure("\(text) is no date") }
        return date
    }

    /// An account of one entry, last paid the day before `today`.
    static func account(
        _ id: String = "A-1", balance: Int64 = 100_000_000, product: String = "DEMAND-2", openedOn: String = "2025-01-01",
        lastPaidOn: String? = "2026-03-01", tax: TaxCategory = .resident, treatyPpm: Int64? = nil,
        _ change: (inout FixtureAccount) -> Void = { _ in }
    ) -> FixtureAccount {
        var account = FixtureAccount(
            customer: .init(id: "C-\(id)", taxCategory: tax, treatyPpm: treatyPpm), id: id, product: product,
            openedOn: date(openedOn), lastPaidOn: lastPaidOn.map(date),
            entries: [.init(bookedOn: date(openedOn), valuedOn: date(openedOn), amount: balance)])
        change(&account)
        return account
    }

    // MARK: - Calls

    func get(_ path: String, at time: String? = Bank.today) async -> Reply {
        Reply(await desk.answer(WireCall("GET", path, requestTime: time)))
    }

    func post(
        _ path: String, _ body: String, key: String? = Bank.freshKey(), at time: String? = Bank.today, mode: String? = nil
    ) async -> Reply {
        Reply(
            await desk.answer(
                WireCall("POST", path, body: Array(body.utf8), idempotencyKey: key, requestTime: time, shadowMode: mode)))
    }

    func preview(_ id: String = "A-1", at time: String = Bank.today) async -> Reply {
        await get("/v1/accounts/\(id)/interest", at: time)
    }

    func payout(
        _ id: String = "A-1", key: String? = Bank.freshKey(), at time: String = Bank.today, mode: String? = nil
    ) async -> Reply {
        await post("/v1/accounts/\(id)/interest-payouts", Bank.channel, key: key, at: time, mode: mode)
    }

    func move(
        _ type: TransactionType, _ amount: Int64, _ id: String = "A-1", valueDate: String? = nil, at time: String = Bank.today
    ) async -> Reply {
        let date = valueDate.map { ",\"valueDate\":\"\($0)\"" } ?? ""
        return await post(
            "/v1/accounts/\(id)/transactions",
            "{\"type\":\"\(type.rawValue)\",\"amount\":\(amount),\"channel\":\"TELLER\"\(date)}", at: time)
    }

    func transfer(_ amount: Int64, from: String, to: String, at time: String = Bank.today) async -> Reply {
        await post(
            "/v1/transfers", "{\"from\":\"\(from)\",\"to\":\"\(to)\",\"amount\":\(amount),\"channel\":\"MOBILE\"}", at: time)
    }

    func close(_ id: String = "A-1", at time: String = Bank.today) async -> Reply {
        await post("/v1/accounts/\(id)/closure", Bank.channel, at: time)
    }

    static let channel = "{\"channel\":\"MOBILE\"}"

    static func freshKey() -> String { "k-\(UInt64.random(in: 0...UInt64.max))-\(UInt64.random(in: 0...UInt64.max))" }

    // MARK: - The books themselves

    func read<Value: Sendable>(_ work: @escaping @Sendable (any CoreSession) throws -> Value) async throws -> Value {
        try await core.database.look(work)
    }

    func complaints() async throws -> [String] { try await read { try BooksAudit.complaints(in: $0) } }

    /// Every row of every table, so that "nothing changed" can be told.
    func contents() async throws -> [String] {
        switch core.database.engine {
        case .sqlite(let writer):
            try await writer.read { db in
                let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                return try tables.flatMap { table in
                    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
                }
            }
        #if PostgreSQL
            case .postgres:
                try await read { books in
                    let tables = try books.rows(Bank.postgresTables).map { try $0.text(0) }
                    return try tables.flatMap { table in
                        try books.rows("SELECT CAST(t AS TEXT) FROM \(table) AS t ORDER BY 1").map {
                            "\(table) \(try $0.text(0))"
                        }
                    }
                }
        #endif
        }
    }

    /// In the schema of its own.
    static let postgresTables = """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name
        """

    func number(_ sql: String) async throws -> Int64? { try await read { try $0.row(sql)?.integerIfAny(0) } }

    /// Changes the books behind the core's back.
    func change(_ sql: String) async throws {
        try await core.database.transaction { books in
            try books.change(sql)
            return .keep(())
        }
    }
}

/// An answer, opened.
struct Reply: Sendable {
    let status: Int
    let contentType: String
    let body: [UInt8]
    let json: WireJSON
    var retryAfter: String?

    init(_ answer: StoredAnswer) {
        self.init(status: answer.status, contentType: answer.contentType, body: answer.body)
        retryAfter = answer.retryAfterSeconds.map(String.init)
    }

    init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
        json = (try? WireJSON(body)) ?? .null
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    var code: ProblemCode? { json["code"]?.string.flatMap(ProblemCode.init(rawValue:)) }

    subscript(_ name: String) -> Int64? { json[name]?.integer }

    func text(_ name: String) -> String? { json[name]?.string }
}
