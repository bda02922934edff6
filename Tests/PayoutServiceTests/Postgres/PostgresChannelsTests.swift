#if PostgreSQL
    import InterestContract
    import TestKit
    import Testing

    @testable import PayoutService

    /// All channels at the same accounts at once, and several tax workers behind them.
    @Suite struct PostgresChannelsTests {
        static let ids = (0..<4).map { "1000-0000-000\($0)" }
        static let closing = "9000-0000-0009"
        /// Two accounts have one customer, so that the customer's totals meet as well.
        static let accounts =
            ids.enumerated().map { Fixture.account(50_000_000, id: $0.element, customer: "C\($0.offset / 2)") }
            + [Fixture.account(50_000_000, id: closing, customer: "C0")]

        /// What a call moved the sum of all balances by, if it was done.
        private static func act(_ index: Int, _ bank: Bank) async throws -> (answer: Bank.Answer, moved: Int64) {
            let id = ids[index % 4]
            let other = ids[(index + 1) % 4]
            let answer: Bank.Answer
            switch index % 9 {
            case 0: return (try await bank.transfer(id, other, 1_000), 0)
            case 1: return (try await bank.transfer(other, id, 700), 0)
            case 2: return (try await bank.transact(.withdrawal, 300, id), -300)
            case 3:
                return (
                    try await bank.post(
                        "/v1/accounts/\(id)/transactions", #"{"type":"DEPOSIT","amount":200,"channel":"TELLER"}"#), 200
                )
            case 4: answer = try await bank.pay(id)
            case 5: answer = try await bank.post("/v1/accounts/\(id)/interest-payouts", #"{"channel":"BATCH"}"#)
            case 6: return (try await bank.transact(.deposit, 50, closing), 50)
            case 7: answer = try await bank.pay(closing)
            default:
                let closed = try await bank.close(closing)
                return (closed, (closed.net ?? 0) - (closed["paidOut"] ?? 0))
            }
            return (answer, answer.net ?? 0)
        }

        @Test(.timeLimit(.minutes(2)), arguments: 0..<3)
        func everyChannelAtOnceLeavesExactBooks(_ round: Int) async throws {
            // The line for a connection is long here; waiting in it is not what is tested.
            let schema = try await PostgresDepot.take()
            var options = Bank.Options()
            options.store = try .postgres(address: schema.address + "&pool_wait=60000&lock_timeout=30000&statement_timeout=60000")
            try await Bank.open(PostgresChannelsTests.accounts, options) { bank in
                let done = try await withThrowingTaskGroup(of: (answer: Bank.Answer, moved: Int64).self) { group in
                    for index in 0..<180 { group.addTask { try await PostgresChannelsTests.act(index + round, bank) } }
                    return try await group.reduce(into: [(answer: Bank.Answer, moved: Int64)]()) { $0.append($1) }
                }
                let allowed: Set<String?> = [nil, "ALREADY_PAID_TODAY", "ACCOUNT_CLOSED"]
                #expect(Set(done.map(\.answer.code)).isSubset(of: allowed), "\(Set(done.map(\.answer.code)))")
                let kept = done.filter { $0.answer.status == 201 }
                let moved = kept.reduce(0) { $0 + $1.moved }
                let sum = try await bank.integer("SELECT sum(balance) FROM account_balance")
                #expect(sum == 250_000_000 + moved)
                // One payout for each account, whoever came first; the closed account is empty.
                #expect(try await bank.integer("SELECT count(*) FROM payout") == 5)
                #expect(
                    try await bank.integer(
                        "SELECT balance FROM account_balance WHERE account_id = '\(PostgresChannelsTests.closing)'") == 0)
                #expect(kept.filter { $0.answer.json?["closureId"] != nil }.count == 1)
                try await bank.expectCleanBooks()
                #expect(try await bank.bookTaxes() == .init(booked: 5))
                try await bank.expectCleanBooks()
            }
            try await PostgresDepot.giveBack(schema)
        }

        /// Fixtures replace an account while others pay and taxes are booked.
        @Test(.timeLimit(.minutes(1))) func fixturesAndPaymentsAtOnceLeaveCleanBooks() async throws {
            let schema = try await PostgresDepot.take()
            var options = Bank.Options()
            options.allowFixtures = true
            options.store = try .postgres(address: schema.address + "&pool_wait=60000&lock_timeout=30000&statement_timeout=60000")
            try await Bank.open(PostgresChannelsTests.accounts, options) { bank in
                let line = String(decoding: PostgresChannelsTests.accounts[0].json, as: UTF8.self)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for index in 0..<60 {
                        group.addTask {
                            switch index % 4 {
                            case 0: try await bank.post("/v1/fixtures", line).status
                            case 1: try await bank.transfer(PostgresChannelsTests.ids[0], PostgresChannelsTests.ids[1], 5).status
                            case 2: try await bank.bookTaxes().postponed + 201
                            default: try await bank.pay(PostgresChannelsTests.ids[index % 3]).status
                            }
                        }
                    }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                #expect(statuses.isSubset(of: [201, 409]), "\(statuses)")
                try await bank.bookTaxes()
                try await bank.expectCleanBooks()
            }
            try await PostgresDepot.giveBack(schema)
        }
    }
#endif
