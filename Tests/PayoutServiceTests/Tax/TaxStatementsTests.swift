import InterestContract
import Testing

@testable import PayoutService

/// The tax worker's statements, counted and missed like the payment's.
@Suite struct TaxStatementsTests {
    static let names: [String] = {
        let event = TaxEvent(
            eventId: "P", payoutId: "P", accountId: "A", customerId: "C", branch: "B", product: "D", taxCategory: "RESIDENT",
            treatyPpm: nil, businessDate: "2026-03-02", grossInterest: 2_739, incomeTax: 380, localIncomeTax: 30,
            netInterest: 2_329,
            authoritative: true)
        guard let posting = try? TaxPosting(event) else { return [] }
        return (posting.steps + [posting.inbox(at: 1)]).map(\.name)
    }()

    @Test func anEventIsThirtyStatementsAndOneInboxRow() async throws {
        try await Bank.open([PayoutStatementsTests.account]) { bank in
            #expect(try await bank.pay().status == 201)
            let counter = StatementCounter()
            let books = try #require(bank.service.books as? SQLiteBooks)
            try await counter.attach(to: books)
            #expect(try await bank.bookTaxes() == .init(booked: 1))
            try await counter.detach(from: books)
            let tables = counter.changedTables
            #expect(tables.filter { $0 == "tax_inbox" }.count == 1)
            #expect(tables.filter { $0 == "tax_outbox" }.count == 1, "the acknowledgement, in a transaction of its own")
            #expect(tables.filter { !["tax_inbox", "tax_outbox", "tax_published"].contains($0) }.count == 30)
            #expect(Set(TaxStatementsTests.names).count == 31)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: names, Bank.stores)
    func theAuditMissesAStatementLeftOut(_ name: String, on store: Bank.Engine) async throws {
        // Steps of both sides share names (the journal's): the payment is made whole by a service without the omission.
        var options = Bank.Options()
        options.foreignKeys = false
        try await store.open([PayoutStatementsTests.account], options) { bank in
            #expect(try await bank.pay().status == 201)
            let progress = try await TaxStatementsTests.processor(bank, omitting: name).drain()
            #expect(progress == .init(booked: 1))
            #expect(try await bank.complaints() != [], "nothing complains without \(name)")
        }
    }

    private static func processor(_ bank: Bank, omitting name: String) -> TaxEventProcessor {
        var books = bank.service.books
        books.omitting = [name]
        return TaxEventProcessor(outbox: books.outbox, ledger: books.ledger, now: { 1 })
    }
}
