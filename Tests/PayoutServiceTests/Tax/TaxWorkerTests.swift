import InterestContract
import Synchronization
import Testing

@testable import PayoutService

/// Exactly once in effect, whatever happens between the two transactions, and in each account's order.
@Suite struct TaxWorkerTests {
    /// Fails as told, before or after the real booking.
    final class UnsteadyLedger: TaxLedger {
        struct Crash: Error {}

        let inner: any TaxLedger
        let failsBefore: Mutex<[String: Int]>
        let crashesAfter: Mutex<Set<String>>
        let seen = Mutex<[String]>([])

        init(_ inner: any TaxLedger, failsBefore: [String: Int] = [:], crashesAfter: Set<String> = []) {
            self.inner = inner
            self.failsBefore = Mutex(failsBefore)
            self.crashesAfter = Mutex(crashesAfter)
        }

        func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
            seen.withLock { $0.append(event.eventId) }
            let fails = failsBefore.withLock { left in
                guard let count = left[event.accountId], count > 0 else { return false }
                left[event.accountId] = count - 1
                return true
            }
            if fails { throw Failure(text: "the tax ledger is away") }
            let booked = try await inner.book(event, at: unixMilliseconds)
            if crashesAfter.withLock({ $0.remove(event.accountId) }) != nil { throw CancellationError() }
            return booked
        }
    }

    static let other = "1000-0000-0002"
    static let accounts = [Fixture.account(50_000_000), Fixture.account(60_000_000, id: other, customer: "C2")]

    private func totals(_ bank: Bank) async throws -> (pending: Int64?, dead: Int64?) {
        let answer = try await bank.get("/v1/books/totals")
        return (answer["pendingTaxEvents"], answer["deadTaxEvents"])
    }

    private func taxRecords(_ bank: Bank) async throws -> [Int64] {
        try await bank.get("/v1/books/accounts").json?["accounts"]?.array?.compactMap { $0["taxRecords"]?.integer } ?? []
    }

    @Test(.timeLimit(.minutes(1)), arguments: Bank.stores) func theEmbeddedWorkerBooksWhatWasPaid(_ store: Bank.Engine)
        async throws
    {
        var options = Bank.Options()
        options.worker = true
        try await store.open(TaxWorkerTests.accounts, options) { bank in
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.pay(TaxWorkerTests.other).status == 201)
            try await bank.waitForTaxes()
            #expect(try await totals(bank).pending == 0)
            #expect(try await taxRecords(bank) == [1, 1])
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func aCrashBetweenBookingAndAcknowledgingBooksOnce(_ store: Bank.Engine) async throws {
        try await store.open(TaxWorkerTests.accounts) { bank in
            #expect(try await bank.pay().status == 201)
            let time = Mutex<Int64>(1)
            let ledger = UnsteadyLedger(bank.service.books.ledger, crashesAfter: [Fixture.id])
            let processor = TaxEventProcessor(
                outbox: bank.service.books.outbox, ledger: ledger, now: { time.withLock { $0 } })
            await #expect(throws: CancellationError.self) { _ = try await processor.drain() }
            #expect(try await totals(bank).pending == 1)
            #expect(try await taxRecords(bank) == [1, 0])
            // What a dead worker had taken is due again after a while, where several may take events.
            time.withLock { $0 += 60_000 }
            #expect(try await processor.drain() == .init(repeated: 1))
            #expect(try await totals(bank).pending == 0)
            #expect(try await taxRecords(bank) == [1, 0])
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func anAccountsEventsWaitForEachOtherAndOthersDoNot(_ store: Bank.Engine) async throws {
        try await store.open(TaxWorkerTests.accounts) { bank in
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.pay(TaxWorkerTests.other).status == 201)
            #expect(try await bank.pay(at: "2026-03-03T12:00:00+09:00").status == 201)
            let time = Mutex<Int64>(1_000)
            let ledger = UnsteadyLedger(bank.service.books.ledger, failsBefore: [Fixture.id: 2])
            let processor = TaxEventProcessor(
                outbox: bank.service.books.outbox, ledger: ledger, now: { time.withLock { $0 } })
            #expect(try await processor.drain() == .init(booked: 1, postponed: 1))
            #expect(try await taxRecords(bank) == [0, 1])
            // Not due yet: neither the failed event nor the one behind it is touched.
            time.withLock { $0 = 1_199 }
            #expect(try await processor.drain() == .init())
            time.withLock { $0 = 1_200 }
            #expect(try await processor.drain() == .init(postponed: 1))
            // The second delay is twice the first.
            time.withLock { $0 = 1_599 }
            #expect(try await processor.drain() == .init())
            time.withLock { $0 = 1_600 }
            #expect(try await processor.drain() == .init(booked: 2))
            let order = ledger.seen.withLock { $0 }
            #expect(order.count == 5)
            #expect(order[0] == order[2] && order[2] == order[3] && order[4] != order[0])
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func whatNeverSucceedsGoesToTheDeadLettersAndLetsTheNextPass(_ store: Bank.Engine) async throws
    {
        try await store.open(TaxWorkerTests.accounts) { bank in
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.pay(at: "2026-03-03T12:00:00+09:00").status == 201)
            let time = Mutex<Int64>(0)
            let ledger = UnsteadyLedger(bank.service.books.ledger, failsBefore: [Fixture.id: 3])
            let processor = TaxEventProcessor(
                outbox: bank.service.books.outbox, ledger: ledger, retry: RetryPolicy(attempts: 3),
                now: { time.withLock { $0 } })
            var sum = TaxEventProcessor.Progress()
            for hour in 0..<4 {
                time.withLock { $0 = Int64(hour) * 3_600_000 }
                let progress = try await processor.drain()
                sum.booked += progress.booked
                sum.postponed += progress.postponed
                sum.buried += progress.buried
            }
            #expect(sum == .init(booked: 1, postponed: 2, buried: 1))
            let after = try await totals(bank)
            #expect(after.pending == 0)
            #expect(after.dead == 1)
            let letter = try await bank.text("SELECT attempts || ': ' || reason FROM tax_dead_letter")
            #expect(letter?.hasPrefix("3: ") == true)
            #expect(letter?.contains("the tax ledger is away") == true)
            try await bank.expectCleanBooks()
        }
    }

    static let noEvents = [(payload: "nonsense", reason: "no tax event"), (#"{"schema":1}"#, "no tax event")]

    @Test(arguments: noEvents, Bank.stores) func aPayloadThatIsNoEventIsBuriedAtOnce(
        _ bad: (payload: String, reason: String), on store: Bank.Engine
    ) async throws {
        try await store.open(TaxWorkerTests.accounts) { bank in
            #expect(try await bank.pay().status == 201)
            try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET payload = ?", [.init(bad.payload)]) }
            #expect(try await bank.bookTaxes() == .init(buried: 1))
            let found = try await bank.text("SELECT reason FROM tax_dead_letter")
            #expect(found?.contains(bad.reason) == true)
            try await bank.expectCleanBooks()
        }
    }

    @Test func anEventRefusesUnknownVersionsAndSumsThatAreNone() throws {
        var event = TaxEvent(
            eventId: "P", payoutId: "P", accountId: "A", customerId: "C", branch: "B", product: "D", taxCategory: "TREATY",
            treatyPpm: 100_000, businessDate: "2026-03-02", grossInterest: 100, incomeTax: 10, localIncomeTax: 0, netInterest: 90,
            authoritative: false)
        #expect(try TaxEvent(try event.encoded()) == event)
        event.schema = 2
        #expect(throws: TaxEventRefusal.self) { try TaxEvent(try event.encoded()) }
        event.schema = 1
        event.netInterest = 91
        #expect(throws: TaxEventRefusal.self) { try TaxEvent(try event.encoded()) }
        event.netInterest = 90
        event.businessDate = "2026-02-30"
        #expect(throws: TaxEventRefusal.self) { try TaxEvent(try event.encoded()) }
    }

    @Test func delaysDoubleUpToTheLongest() {
        let retry = RetryPolicy()
        #expect(
            [1, 2, 3, 9, 10, 1_000].map { retry.delayMilliseconds(afterFailure: $0) } == [200, 400, 800, 51_200, 60_000, 60_000])
    }

    @Test(arguments: Bank.stores) func anEventOfAReplacedAccountIsDroppedWithIt(_ store: Bank.Engine) async throws {
        var options = Bank.Options()
        options.allowFixtures = true
        try await store.open(TaxWorkerTests.accounts, options) { bank in
            #expect(try await bank.pay().status == 201)
            #expect(try await bank.pay(TaxWorkerTests.other).status == 201)
            #expect(try await bank.bookTaxes() == .init(booked: 2))
            #expect(try await bank.pay(at: "2026-03-03T12:00:00+09:00").status == 201)
            let line = String(decoding: Fixture.account(7_000_000).json, as: UTF8.self)
            #expect(try await bank.post("/v1/fixtures", line).status == 201)
            #expect(try await totals(bank).pending == 0)
            #expect(try await taxRecords(bank) == [0, 1])
            try await bank.expectCleanBooks()
        }
    }

    @Test func aWorkerAloneNeedsADatabase() async {
        await #expect(throws: TaxWorkerError.self) { try await TaxWorker(store: .memory, logger: Bank.silent) }
    }
}
