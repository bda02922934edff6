import Foundation
import InterestContract
import Testing

@testable import countersign

@Suite("An account rebuilt as it stood before a call")
struct FixtureReconstructionTests {
    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private func account(
        state: AccountState = .active, withdrawalFreeze: Bool = false, held: Int64 = 0, incident: Int64? = nil
    ) throws -> FixtureAccount {
        FixtureAccount(
            customer: FixtureAccount.Customer(id: "C1"), id: "A1", state: state, withdrawalFreeze: withdrawalFreeze,
            heldAmount: held, incidentAmount: incident, product: "DEMAND-2", openedOn: try date("2025-01-01"),
            lastPaidOn: try date("2026-03-01"))
    }

    private func booking(_ kind: String, _ booked: String, _ amount: Int64, valued: String? = nil) throws -> Booking {
        Booking(kind: kind, bookedOn: try date(booked), valuedOn: try date(valued ?? booked), amount: amount)
    }

    /// Opened with 1 000, paid 10 on 03-02, 200 deposited and 50 withdrawn on 03-03, paid 11 on 03-03, 5 deposited on 03-04.
    private func bookings() throws -> [Booking] {
        [
            try booking("OPENING", "2025-01-01", 1_000), try booking("PAYOUT", "2026-03-02", 10),
            try booking("DEPOSIT", "2026-03-03", 200, valued: "2026-03-01"), try booking("WITHDRAWAL", "2026-03-03", -50),
            try booking("PAYOUT", "2026-03-03", 11), try booking("DEPOSIT", "2026-03-04", 5),
        ]
    }

    @Test(
        "The balance before the call says where it stands among its day's bookings",
        arguments: [
            ("2026-03-02", 1_000, 1, "2026-03-01"),  // the first payout itself
            ("2026-03-03", 1_010, 2, "2026-03-02"),  // the deposit
            ("2026-03-03", 1_210, 3, "2026-03-02"),  // the withdrawal
            ("2026-03-03", 1_160, 4, "2026-03-02"),  // the second payout
            ("2026-03-03", 1_171, 5, "2026-03-03"),  // after it
            ("2026-03-04", 1_171, 5, "2026-03-03"),  // the last deposit
        ] as [(String, Int64, Int, String)])
    func byBalance(_ day: String, _ balance: Int64, _ entries: Int, _ lastPaid: String) throws {
        let rebuilt = FixtureReconstruction(start: try account(), bookings: try bookings())
            .before(date: try date(day), balance: balance)
        #expect(rebuilt.entries.count == entries)
        #expect(rebuilt.entries.reduce(0) { $0 + $1.amount } == balance)
        #expect(rebuilt.lastPaidOn?.description == lastPaid)
    }

    @Test(
        "A reader's call without a balance stands before its day's payout, else after its day",
        arguments: [("2026-03-01", 1), ("2026-03-02", 1), ("2026-03-03", 4), ("2026-03-04", 6), ("2026-03-05", 6)])
    func byDay(_ day: String, _ entries: Int) throws {
        let rebuilt = FixtureReconstruction(start: try account(), bookings: try bookings()).before(
            date: try date(day), balance: nil)
        #expect(rebuilt.entries.count == entries)
    }

    @Test("Entries keep their value dates, and the result keeps the contract")
    func valueDates() throws {
        let rebuilt = FixtureReconstruction(start: try account(), bookings: try bookings())
            .before(date: try date("2026-03-04"), balance: nil)
        #expect(rebuilt.entries[2].valuedOn.description == "2026-03-01")
        try rebuilt.check()
        #expect(try FixtureAccount(rebuilt.json) == rebuilt)
    }

    @Test("Payouts before the call have moved the held amount as the rules say")
    func held() throws {
        func held(_ account: FixtureAccount) throws -> Int64 {
            FixtureReconstruction(start: account, bookings: try bookings()).before(date: try date("2026-03-05"), balance: nil)
                .heldAmount
        }
        #expect(try held(account(held: 7)) == 7)
        #expect(try held(account(state: .seized, held: 7)) == 28)
        #expect(try held(account(withdrawalFreeze: true)) == 21)
        #expect(try held(account(state: .fraudHold, held: 5, incident: 12)) == 12)
        #expect(try held(account(state: .fraudHold, held: 50, incident: 12)) == 50)
        #expect(try held(account(state: .fraudHold, incident: 1_000)) == 21)
    }

    @Test("Lines of one journal are one booking; credits add, debits take")
    func grouping() {
        func line(_ id: Int64, _ kind: String, debit: Int64 = 0, credit: Int64 = 0) -> JournalLine {
            JournalLine(journalId: id, bookedOn: "2026-03-02", valuedOn: "2026-03-02", kind: kind, debit: debit, credit: credit)
        }
        let grouped = Booking.grouped([
            line(3, "WITHDRAWAL", debit: 40), line(1, "OPENING", credit: 100), line(2, "PAYOUT", credit: 12),
            line(2, "PAYOUT", debit: 2),
        ])
        #expect(grouped.map(\.kind) == ["OPENING", "PAYOUT", "WITHDRAWAL"])
        #expect(grouped.map(\.amount) == [100, 10, -40])
    }
}
