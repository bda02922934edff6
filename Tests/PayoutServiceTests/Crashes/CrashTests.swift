import Foundation
import InterestContract
import NIOConcurrencyHelpers
import Outbound
import TestKit
import Testing

@testable import PayoutService

#if PostgreSQL
    @testable import PostgreSQLClient
#endif

/// Programs that are killed at every step, while callers go on asking with the same keys: each payout is made once, and its taxes are booked
/// once, whatever died and whatever was delivered twice.
@Suite(.serialized) struct CrashTests {
    private static let accounts = (1...6).map { "1000-0000-000\($0)" }
    private static let days = ["2026-03-02", "2026-03-03", "2026-03-04"]

    @Test(.timeLimit(.minutes(20))) func aServiceThatBooksItsOwnTaxes() async throws {
        try await survive(CrashCase.of(.embedded, seeds: CrashCase.seeds))
    }

    @Test(.timeLimit(.minutes(20))) func aServiceAndAWorkerOnOneOutbox() async throws {
        try await survive(CrashCase.of(.outbox, seeds: CrashCase.seeds))
    }

    #if Kafka
        @Test(.timeLimit(.minutes(20))) func aServiceARelayAndWorkersOnATopic() async throws {
            try await survive(CrashCase.of(.kafka, seeds: max(CrashCase.seeds, CrashCase.points(.kafka).count)))
        }
    #endif

    /// Three at a time: they mostly wait, for programs to start and for groups to form.
    private func survive(_ cases: [CrashCase]) async throws {
        let points = CrashCase.points(cases[0].way).count
        #expect(Set(cases.map { "\($0.point) \($0.engine)" }).count == min(cases.count, points * Bank.stores.count))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, crash) in cases.enumerated() {
                if index >= 3 { try await group.next() }
                group.addTask {
                    do { try await survive(crash) } catch { throw TestTimeout("\(crash.description): \(error)") }
                }
            }
            try await group.waitForAll()
        }
    }

    private func survive(_ crash: CrashCase) async throws {
        let folder = try TemporaryDirectory()
        let lines = Self.accounts.enumerated().map { index, id in
            String(decoding: Fixture.account(40_000_000, id: id, customer: "C\(index)").json, as: UTF8.self)
        }
        let fixture = try folder.write(lines.joined(separator: "\n") + "\n", to: "accounts.jsonl")
        try await crash.engine.withKeptStore { store in
            let bank = try await KilledBank(crash, store: store, fixture: fixture)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in Self.accounts {
                    group.addTask {
                        for day in Self.days { try await bank.pay(id, day) }
                    }
                }
                group.addTask { try await bank.replaceTheDead() }
                try await group.waitForAll()
            }
            try await eventually("all taxes booked", within: 60) {
                try await bank.totals()["pendingTaxEvents"]?.integer == 0
            }
            await bank.stop()

            let books = try await store.open()
            let payouts = Int64(Self.accounts.count * Self.days.count)
            for table in ["payout", "tax_outbox", "tax_inbox", "withholding", "idempotency"] {
                let count = try await books.look { try $0.rows("SELECT count(*) FROM \(table)").first?.integer(0) }
                #expect(count == payouts, "\(crash.description): \(table) has \(count ?? -1) rows")
            }
            #expect(try await books.look { try $0.rows("SELECT 1 FROM tax_dead_letter").count } == 0, "\(crash.description)")
            #expect(try await books.look { try BooksAudit.complaints($0) } == [], "\(crash.description)")
            try books.close()
        }
    }
}

/// A bank of several programs, one of which is told to kill itself.
private final class KilledBank: Sendable {
    private let crash: CrashCase
    private let serviceArguments: [String]
    private let workerArguments: [String]
    private let service = NIOLockedValueBox<(program: ProgramUnderTest, url: String)?>(nil)
    private let workers = NIOLockedValueBox<[ProgramUnderTest]>([])
    // Ends with its last owner.
    private let topic: (any Sendable)?
    private let client = OutboundClient(connectionsMax: 16, connectionsPerHostMax: 16)

    init(_ crash: CrashCase, store: PayoutServiceConfiguration.Store, fixture: String) async throws {
        self.crash = crash
        let place = store.argument
        var service = ["payout", "--store", place, "--fixture", fixture]
        var worker = ["tax-worker", "--store", place]
        var topic: (any Sendable)?
        switch crash.way {
        case .embedded: break
        case .outbox: service.append("--without-tax-worker")
        #if Kafka
            case .kafka:
                let mock = try await KafkaMock(["tax": 4])
                topic = mock
                service += ["--events", mock.address("tax")]
                worker += ["--events", mock.address("tax")]
        #endif
        }
        self.topic = topic
        serviceArguments = service
        workerArguments = worker
        let plan = ["--crash-at", "\(crash.point.rawValue):\(crash.passing)"]
        try await startService(crash.killsWorker ? [] : plan)
        // One that is to die works alone until then: what it leaves is taken by those that come after it.
        if crash.killsWorker { try startWorker(plan) } else { try startWorkers() }
    }

    private func startWorkers() throws {
        guard crash.way != .embedded else { return }
        try startWorker([])
        // A SQLite file's outbox has one reader.
        if crash.way != .outbox || crash.engine != .sqlite { try startWorker([]) }
    }

    private func startService(_ more: [String]) async throws {
        let program = try ProgramUnderTest("bank", serviceArguments + more)
        let url = try await program.line(beginning: "listening on ")
        service.withLockedValue { $0 = (program, url) }
    }

    private func startWorker(_ more: [String]) throws {
        let program = try ProgramUnderTest("bank", workerArguments + more)
        workers.withLockedValue { $0.append(program) }
    }

    /// Waits until the one that is told to dies, which it must, and starts it anew.
    func replaceTheDead() async throws {
        guard let doomed = crash.killsWorker ? workers.withLockedValue({ $0.first }) : service.withLockedValue({ $0?.program })
        else { return }
        let status = try await doomed.exit(within: 60)
        guard status == -SIGKILL else { throw TestTimeout("`\(doomed.name)` ended with \(status): \(doomed.errors.suffix(500))") }
        if crash.killsWorker { try startWorkers() } else { try await startService([]) }
    }

    /// Asks with one key until the payout is answered.
    func pay(_ account: String, _ day: String) async throws {
        for _ in 0..<600 {
            let url = service.withLockedValue { $0?.url ?? "" }
            let request = OutboundRequest(
                method: "POST", url: url + "/v1/accounts/\(account)/interest-payouts",
                headers: [
                    ("Idempotency-Key", "\(account)-\(day)"), ("Content-Type", "application/json"),
                    ("X-Request-Time", "\(day)T12:00:00+09:00"),
                ], body: Array(#"{"channel":"MOBILE"}"#.utf8))
            switch (try? await client.send(request))?.status {
            case 201: return
            case nil, 409, 503: try await Task.sleep(for: .milliseconds(50))
            case let status?: throw TestTimeout("a payout was answered \(status)")
            }
        }
        throw TestTimeout("no answer to the payout of \(account) on \(day)")
    }

    func totals() async throws -> WireJSON {
        let url = service.withLockedValue { $0?.url ?? "" }
        return try WireJSON(try await client.send(OutboundRequest(method: "GET", url: url + "/v1/books/totals")).body)
    }

    func stop() async {
        let programs = workers.withLockedValue { $0 } + [service.withLockedValue { $0?.program }].compactMap { $0 }
        for program in programs { program.signal(SIGTERM) }
        for program in programs { _ = try? await program.exit(within: 30) }
        client.close()
    }
}

extension PayoutServiceConfiguration.Store {
    /// As `--store` takes it.
    fileprivate var argument: String {
        switch self {
        case .memory: "memory"
        case .sqlite(let path): "sqlite:\(path)"
        #if PostgreSQL
            case .postgres(let settings):
                settings.connectionString + (settings.connectionString.contains("?") ? "&" : "?")
                    + "schema=\(settings.schema)"
        #endif
        }
    }
}
