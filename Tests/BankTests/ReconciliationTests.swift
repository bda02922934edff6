import FixtureGeneration
import Foundation
import GRDB
import InterestContract
import Outbound
import PayoutService
import Reconciliation
import TestKit
import Testing

/// What is planted into one side's database is found, named and counted.
@Suite struct ReconciliationTests {
    struct Planted: Sendable, CustomTestStringConvertible {
        var side: String
        var sql: String
        /// What the report must name, and nothing else.
        var found: Set<String>

        var testDescription: String { "\(side): \(sql)" }

        init(_ side: String, _ sql: String, _ found: Set<String>) {
            self.side = side
            self.sql = sql
            self.found = found
        }
    }

    private static let paid = "A-1"
    private static let closed = "A-2"

    /// One won, one day or one row of each kind, on either side.
    static let planted: [Planted] = [
        Planted(
            "legacy", "UPDATE balance SET balance = balance + 1 WHERE account_id = '\(paid)'",
            ["balance", "legacy: entry_sum = balance", "legacy: journal_balance = balance"]),
        Planted(
            "payout", "UPDATE account_balance SET balance = balance - 1 WHERE account_id = '\(paid)'",
            ["balance", "payout: entry_sum = balance", "payout: journal_balance = balance"]),
        Planted("legacy", "UPDATE balance SET held_amount = held_amount + 1 WHERE account_id = '\(paid)'", ["held_amount"]),
        Planted("payout", "UPDATE account_balance SET held = held + 1 WHERE account_id = '\(paid)'", ["held_amount"]),
        Planted("legacy", "UPDATE account SET last_paid_on = last_paid_on - 1 WHERE account_id = '\(paid)'", ["last_paid_on"]),
        Planted(
            "payout", "UPDATE account_balance SET last_paid_on = last_paid_on - 1 WHERE account_id = '\(paid)'", ["last_paid_on"]),
        Planted("legacy", "UPDATE account SET state = 'DORMANT' WHERE account_id = '\(paid)'", ["state"]),
        Planted("payout", "UPDATE account SET state = 'DORMANT' WHERE account_id = '\(paid)'", ["state"]),
        Planted(
            "legacy", "UPDATE account SET customer_id = (SELECT max(customer_id) FROM customer) WHERE account_id = '\(paid)'",
            ["customer_id"]),
        Planted(
            "legacy",
            "UPDATE entry SET amount = amount + 1 WHERE entry_no = (SELECT max(entry_no) FROM entry WHERE account_id = '\(paid)')",
            ["entry_sum", "legacy: entry_sum = balance"]),
        Planted(
            "payout",
            "UPDATE journal_line SET credit = credit + 1 WHERE account_id = '\(paid)' AND gl = 2100 AND credit = 40000001",
            ["journal_balance", "payout: journal_balance = balance", "debits = credits", "every journal is balanced"]),
        Planted("legacy", "UPDATE payout SET gross = gross + 1 WHERE account_id = '\(paid)'", ["gross_paid"]),
        Planted("payout", "UPDATE payout SET net = net + 1 WHERE account_id = '\(paid)'", ["net_paid"]),
        Planted("legacy", "UPDATE withholding SET income_tax = income_tax + 1 WHERE account_id = '\(paid)'", ["income_tax"]),
        Planted("payout", "UPDATE withholding SET local_tax = local_tax + 1 WHERE account_id = '\(paid)'", ["local_income_tax"]),
        Planted(
            "payout", "DELETE FROM withholding WHERE account_id = '\(paid)'", ["tax_records", "income_tax", "local_income_tax"]),
        Planted("legacy", "DELETE FROM payout WHERE account_id = '\(paid)'", ["payouts", "gross_paid", "net_paid"]),
        Planted("legacy", "UPDATE closure SET paid_out = paid_out + 1 WHERE account_id = '\(closed)'", ["closed_paid_out"]),
        Planted(
            "payout", "UPDATE tax_outbox SET state = 'DEAD' WHERE event_id = (SELECT max(event_id) FROM tax_outbox)",
            ["no tax event is dead"]),
        Planted("payout", "DELETE FROM account_balance WHERE account_id = '\(paid)'", ["account"]),
        Planted("legacy", "DELETE FROM balance WHERE account_id = 'A-5'", ["account"]),
    ]

    /// Two databases after a payout and a closure.
    private static func settledPair(embeddedTaxWorker: Bool = true) async throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let opened = CalendarFromDate.day("2025-01-01").date
        let accounts = (1...5).map { index in
            FixtureAccount(
                customer: .init(id: "C-\(index)"), id: "A-\(index)", product: "TIER-50", openedOn: opened,
                entries: [.init(bookedOn: opened, valuedOn: opened, amount: 40_000_000 + Int64(index))])
        }
        try await RunningPair.run(.init(accounts: accounts, folder: folder, embeddedTaxWorker: embeddedTaxWorker)) { pair in
            for (path, key) in [("\(paid)/interest-payouts", "a"), ("\(closed)/closure", "b")] {
                let answers = try await pair.both(
                    WireCall(
                        path: "/v1/accounts/" + path, at: "2026-03-03T09:00:00+09:00", key: key, body: #"{"channel":"MOBILE"}"#))
                try #require(answers.legacy.status == 201 && answers.payout.status == 201, "\(path)")
            }
            guard embeddedTaxWorker else { return }
            let report = try await Reconciliation(
                legacy: .service(url: pair.legacy), payout: .service(url: pair.payout), waitMilliseconds: 60_000
            ).run()
            try #require(report.isEqual, "\(report.text)")
        }
        // One file each, so that a copy of it is a copy of the books.
        for name in ["legacy.db", "payout.db"] {
            let queue = try DatabaseQueue(path: folder.file(name))
            try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try queue.close()
        }
        return folder
    }

    private static func reconciliation(_ folder: TemporaryDirectory, waitMilliseconds: Int = 0) -> Reconciliation {
        Reconciliation(
            legacy: LedgerLocation("sqlite:" + folder.file("legacy.db")), payout: LedgerLocation(folder.file("payout.db")),
            waitMilliseconds: waitMilliseconds)
    }

    private static func change(_ path: String, _ sql: String) throws -> Int {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.write { database in
            try database.execute(sql: sql)
            return database.changesCount
        }
    }

    @Test func findsEachPlantedDifference() async throws {
        let folder = try await Self.settledPair()
        let untouched = try await Self.reconciliation(folder).run()
        #expect(untouched.isEqual, "\(untouched.text)")
        #expect(untouched.accounts == 5 && untouched.accountsDiffering == 0)
        #expect(untouched.totals.contains { $0.name == "payouts" && $0.legacy == "2" && $0.payout == "2" })
        for planted in Self.planted {
            let path = folder.file(planted.side + ".db")
            let saved = folder.file("saved.db")
            try FileManager.default.copyItem(atPath: path, toPath: saved)
            try #require(Self.change(path, planted.sql) >= 1, "\(planted.testDescription)")
            let report = try await Self.reconciliation(folder).run()
            #expect(!report.isEqual)
            #expect(Set(report.differences.map(\.what)) == planted.found, "\(planted.testDescription)\n\(report.text)")
            // The whole ledger's lines name no account; every other names the one that was changed.
            #expect(report.differences.allSatisfy { $0.account.map { planted.sql.contains($0) } ?? true })
            try FileManager.default.removeItem(atPath: path)
            for leftover in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + leftover) }
            try FileManager.default.moveItem(atPath: saved, toPath: path)
        }
    }

    @Test func countsEveryDifferenceAndListsTheFirst() async throws {
        let folder = try await Self.settledPair()
        #expect(try Self.change(folder.file("legacy.db"), "UPDATE balance SET held_amount = held_amount + 1") == 5)
        var reconciliation = Self.reconciliation(folder)
        reconciliation.differencesListedMax = 2
        let report = try await reconciliation.run()
        #expect(report.differenceCount == 5 && report.differences.count == 2)
        // Each account is counted once, listed or not.
        #expect(report.accounts == 5 && report.accountsDiffering == 5)
        #expect(report.schema == ReconciliationReport.schema && report.startedAt <= report.finishedAt)
        #expect(report.text.contains("5 differences:") && report.text.contains("… and 3 more."))
        #expect(report.totals.contains { $0.name == "sum of held_amount" && $0.legacy != $0.payout && $0.mustAgree })
    }

    @Test func waitsUntilTheTaxEventsAreThrough() async throws {
        let folder = try await Self.settledPair(embeddedTaxWorker: false)
        let early = try await Self.reconciliation(folder).run()
        #expect(early.differences.contains { $0.what == "no tax event is pending" && $0.legacy == "yes" && $0.payout == "no" })
        #expect(early.differences.contains { $0.what == "tax_records" })
        // The reconciliation begins before there is anyone to book the taxes.
        let waiting = Task { try await Self.reconciliation(folder, waitMilliseconds: 60_000).run() }
        let worker = try await TaxWorker(store: .sqlite(path: folder.file("payout.db")), logger: RunningPair.quietLogger())
        let working = Task { try await worker.run() }
        let report = try await waiting.value
        working.cancel()
        _ = await working.result
        #expect(report.isEqual, "\(report.text)")
    }

    @Test func saysWhichSideCantBeRead() async throws {
        let folder = try await Self.settledPair()
        let strange = try await StubSide.start { _ in [.send(StubAnswer.json(200, #"{"accounts":1.5}"#))] }
        let absent = try await StubSide.start { _ in [.send(StubAnswer.problem(404, code: "NOT_FOUND"))] }
        let noBooks = try folder.write("no database", to: "text.db")
        for (location, part) in [
            ("/nowhere/payout.db", "no database at /nowhere/payout.db"), (noBooks, "text.db"),
            ("http://127.0.0.1:\(strange.port)", "no whole `accounts` in the totals"),
            ("http://127.0.0.1:\(absent.port)/", "answered with 404"), ("http://127.0.0.1:1", "http://127.0.0.1:1 can't be read"),
        ] {
            var reconciliation = Self.reconciliation(folder)
            reconciliation.payout = LedgerLocation(location)
            do {
                let report = try await reconciliation.run()
                Issue.record("\(location) was read: \(report.text)")
            } catch {
                #expect(error.description.contains(part), "\(error.description)")
            }
        }
        try await strange.shutdown()
        try await absent.shutdown()
    }

    /// Pages of a service end to end: more accounts than one page holds, the last page exactly full or empty.
    @Test(arguments: [499, 500, 501, 1_000, 1_001])
    func readsEveryPage(count: Int) async throws {
        let accounts = (0..<count).map { index in
            FixtureAccount(
                customer: .init(id: "C\(index)"), id: "A-\(10_000 + index)", product: "DEMAND-2",
                openedOn: FixtureGenerator.businessDate.date)
        }
        try await RunningPair.run(.init(accounts: accounts)) { pair in
            let report = try await Reconciliation(legacy: .service(url: pair.legacy), payout: .service(url: pair.payout)).run()
            #expect(report.isEqual, "\(report.text)")
            #expect(report.totals.contains { $0.name == "accounts" && $0.legacy == "\(count)" })
            // The last account of the last page is compared too.
            _ = try await pair.call(
                pair.legacy,
                WireCall(
                    path: "/v1/accounts/A-\(9_999 + count)/status", at: "2026-03-02T09:00:00+09:00", key: "s",
                    body: #"{"accountState":"DORMANT"}"#))
            let other = try await Reconciliation(legacy: .service(url: pair.legacy), payout: .service(url: pair.payout)).run()
            #expect(other.differences.map(\.account) == ["A-\(9_999 + count)"])
        }
    }
}
