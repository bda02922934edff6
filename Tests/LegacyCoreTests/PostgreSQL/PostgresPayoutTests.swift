#if PostgreSQL
    import InterestContract
    import PostgreSQLClient
    import Testing

    @testable import LegacyCore

    @Suite struct PostgresPayoutTests {
        /// The old core waits for each statement's answer: what is counted is what the pool's connections sent.
        @Test(arguments: [(TaxCategory.resident, Int64?.none), (.treaty, 100_000), (.exempt, nil)])
        func statementsAndRoundTrips(_ category: TaxCategory, _ treatyPpm: Int64?) async throws {
            let bank = try await Bank(on: .postgres, [Bank.account(tax: category, treatyPpm: treatyPpm)])
            let pool = try bank.pool
            let before = (pool.statistics, bank.core.database.changes.value)
            #expect(await bank.payout().status == 201)
            let after = pool.statistics
            #expect(bank.core.database.changes.value - before.1 == 80)
            // The lock, the key, the account, its rates, its daily rows and the counters are read; BEGIN rides with the lock.
            #expect(after.statements - before.0.statements == 80 + 6 + 2)
            #expect(after.roundTrips - before.0.roundTrips == 80 + 6 + 1)
            #expect(after.repetitions == before.0.repetitions)
        }

        /// Many channels claim many accounts at once: one payout each, numbers without gaps, and the books agree.
        @Test func concurrentClaimsOfSeveralAccounts() async throws {
            let names = ["A-1", "B-2", "C-3", "D-4"]
            let bank = try await Bank(on: .postgres, names.map { Bank.account($0) })
            let replies = await withTaskGroup(of: (String, Reply).self) { group in
                for round in 0..<40 {
                    let name = names[round % names.count]
                    group.addTask { (name, round % 5 == 4 ? await bank.move(.deposit, 1, name) : await bank.payout(name)) }
                }
                return await group.reduce(into: [(String, Reply)]()) { $0.append($1) }
            }
            for name in names {
                let payouts = replies.filter { $0.0 == name && $0.1.text("payoutId") != nil }
                #expect(payouts.count == 1 && payouts.allSatisfy { $0.1.status == 201 }, "\(name)")
            }
            #expect(replies.allSatisfy { $0.1.status == 201 || $0.1.code == .alreadyPaidToday })
            #expect(Set(replies.compactMap { $0.1.text("payoutId") }) == ["LP1", "LP2", "LP3", "LP4"])
            #expect(try await bank.complaints() == [])
        }

        /// The audit reads PostgreSQL's books as sharply as SQLite's, where each of the 80 is tried.
        @Test(arguments: [
            "raise the daily balance", "control the day", "keep the rates applied", "prepare the local tax return",
            "use the channel's limit",
        ])
        func auditMissesTheStep(_ step: String) async throws {
            let bank = try await Bank(on: .postgres)
            #expect(await bank.payout().status == 201)
            #expect(try await bank.complaints() == [])
            #expect(await bank.omitting(step).payout(at: "2026-04-03T09:00:00+09:00").status == 201)
            #expect(try await !bank.complaints().isEmpty, "nobody misses `\(step)`")
        }
    }

    extension Bank {
        var pool: PostgresPool {
            get throws {
                guard case .postgres(let pool, _) = core.database.engine else { throw BrokenBooks(description: "no PostgreSQL") }
                return pool
            }
        }
    }
#endif
