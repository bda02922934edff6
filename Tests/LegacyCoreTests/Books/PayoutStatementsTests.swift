import GRDB
import InterestContract
import Synchronization
import Testing

@testable import LegacyCore

/// Counts what SQLite itself traces, not what our own list says.
private final class StatementTrace: Sendable {
    private let seen = Mutex<[String]>([])

    func attach(to core: LegacyCore) {
        guard case .sqlite(let writer) = core.database.engine else { return }
        writer.writeWithoutTransaction { db in
            db.trace { [self] event in
                guard case .statement(let statement) = event else { return }
                let sql = statement.sql
                seen.withLock { $0.append(sql) }
            }
        }
    }

    func dml() -> [String] {
        seen.withLock { $0.filter { sql in ["INSERT", "UPDATE", "DELETE"].contains { sql.uppercased().hasPrefix($0) } } }
    }

    func transactions() -> Int { seen.withLock { $0.count { $0.hasPrefix("BEGIN") } } }
}

@Suite struct PayoutStatementsTests {
    @Test(arguments: [
        (TaxCategory.resident, Int64?.none), (.nonResident, nil), (.treaty, 100_000), (.treaty, 1_000_000), (.corporate, nil),
        (.exempt, nil),
    ])
    func eightyStatementsInOneTransaction(_ category: TaxCategory, _ treatyPpm: Int64?) async throws {
        let bank = try await Bank([Bank.account(tax: category, treatyPpm: treatyPpm)])
        let trace = StatementTrace()
        trace.attach(to: bank.core)
        #expect(await bank.payout().status == 201)
        let dml = trace.dml()
        #expect(dml.count == 80)
        #expect(trace.transactions() == 1)
        let tables = try await bank.read { books in
            Set(try books.rows("SELECT name FROM sqlite_master WHERE type = 'table'").map { try $0.text(0) })
        }
        for sql in dml {
            let words = sql.split { " (\n".contains($0) }.map(String.init)
            let table = words[0].uppercased() == "UPDATE" ? words[1] : words[2]
            #expect(tables.contains(table), "\(table) is no table")
        }
        #expect(try await bank.complaints() == [])
    }

    @Test func fiftyForThePaymentAndThirtyForTheTax() {
        #expect(PayoutStep.payment.count == 50)
        #expect(PayoutStep.tax.count == 30)
        #expect(Set(PayoutStep.payout.map(\.name)).count == 80)
    }

    /// The reason for each statement: without it, the books no longer agree. Once for an account's first payout, once for a later one,
    /// where the totals exist already and are only added to. Without foreign keys, so that the audit alone must find it.
    @Test(arguments: PayoutStep.payout.map(\.name)) func auditMissesTheStep(_ step: String) async throws {
        for isFirst in [true, false] {
            let bank = try await Bank(foreignKeys: false)
            if !isFirst { #expect(await bank.payout().status == 201) }
            #expect(try await bank.complaints() == [])
            #expect(await bank.omitting(step).payout(at: "2026-04-03T09:00:00+09:00").status == 201)
            #expect(try await !bank.complaints().isEmpty, "nobody misses `\(step)`")
        }
    }

    /// A step that finds nothing to change stops the transaction.
    @Test(arguments: Bank.stores) func stepWithoutEffectBooksNothing(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        try await bank.change("DELETE FROM gl_account WHERE gl_code = '2530'")
        let before = try await bank.contents()
        let reply = await bank.payout()
        #expect(reply.status == 500 && reply.code == .internalError)
        #expect(try await bank.contents() == before)
    }

    @Test(arguments: Bank.stores) func mirroredPayoutIsMarked(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        #expect(await bank.payout(mode: "mirror").status == 201)
        #expect(try await bank.number("SELECT authoritative FROM notice_queue") == 0)
        #expect(try await bank.number("SELECT authoritative FROM tax_notice_queue") == 0)
        #expect(try await bank.number("SELECT mirrored FROM payout") == 1)
        #expect(try await bank.complaints() == [])
        let real = try await Bank(on: store)
        _ = await real.payout()
        #expect(try await real.number("SELECT authoritative FROM tax_notice_queue") == 1)
    }
}
