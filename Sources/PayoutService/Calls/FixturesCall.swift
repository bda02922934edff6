import InterestContract

extension InterestCalls {
    /// `POST /v1/fixtures`: accounts as JSON lines; one that exists is replaced wholly. All or nothing.
    func fixtures(_ call: InboundCall) async throws -> Reply {
        guard allowsFixtures else {
            throw Problem(.fixturesNotAllowed, "this service was started without --allow-fixtures")
        }
        let envelope = try envelope(call)
        let accounts = try FixtureAccount.lines(call.body)
        let lines = lineNumbers(call.body)
        return try await change(envelope) { books in
            for (account, line) in zip(accounts, lines) {
                do throws(Problem) { try lieInThePast(account, envelope.businessDay) } catch {
                    throw Problem(.malformedRequest, "fixture line \(line): " + error.detail)
                }
                guard try books.hasProduct(account.product) else {
                    throw Problem(.malformedRequest, "fixture line \(line): there is no product \(account.product)")
                }
            }
            try books.load(accounts)
            // A line speaks for its customer too, and so for the customer's other accounts.
            let customers = Set(accounts.map(\.customer.id))
            let touched = try customers.flatMap { try books.accounts(ofCustomer: $0) }
            return Plan(
                call: .fixtures, reference: references.next("F"), steps: [],
                reply: Reply(FixturesAnswer(accounts: accounts.count)),
                touched: touched, change: .fixtures)
        }
    }

    private func lieInThePast(_ account: FixtureAccount, _ businessDay: Day) throws(Problem) {
        guard Day(account.openedOn) <= businessDay else {
            throw Problem(.malformedRequest, "account \(account.id) opens after the business date")
        }
        if let lastPaidOn = account.lastPaidOn, Day(lastPaidOn) > businessDay {
            throw Problem(.malformedRequest, "account \(account.id) was paid after the business date")
        }
        for entry in account.entries where Day(entry.bookedOn) > businessDay {
            throw Problem(.malformedRequest, "account \(account.id) has an entry booked after the business date")
        }
    }

    /// Of the lines that hold an account: empty ones are skipped, as the reader does.
    private func lineNumbers(_ body: [UInt8]) -> [Int] {
        body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            line.contains { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 } ? index + 1 : nil
        }
    }
}
