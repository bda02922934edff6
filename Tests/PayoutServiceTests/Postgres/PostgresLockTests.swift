#if PostgreSQL
    import Dispatch
    import InterestContract
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import PayoutService

    /// The lock on the balance row: what it keeps out, what is lost without it, and who waits for how long.
    @Suite struct PostgresLockTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var locks: Bool
            /// Rows with the account's version or the line's number in their key: without the lock, they refuse the second of two changes.
            var keyedRows: Bool
            var testDescription: String { "lock \(locks ? "on" : "off"), keyed rows \(keyedRows ? "on" : "off")" }
        }

        private static let keyed: Set<String> = ["account_event", "balance_history", "statement_line.DEPOSIT", "statement_head"]

        /// Sixteen deposits at once; the balance's difference from its entries, and how many were refused.
        private static func rush(_ bank: Bank) async throws -> (lost: Int64, refused: Int) {
            let answers = try await withThrowingTaskGroup(of: Bank.Answer.self) { group in
                for _ in 0..<16 { group.addTask { try await bank.transact(.deposit, 7) } }
                return try await group.reduce(into: [Bank.Answer]()) { $0.append($1) }
            }
            let lost = try await bank.integer(
                "SELECT (SELECT sum(amount) FROM entry e WHERE e.account_id = b.account_id) - balance FROM account_balance b")
            return (lost ?? 0, answers.filter { $0.status != 201 }.count)
        }

        @Test(
            .timeLimit(.minutes(1)),
            arguments: [
                Case(locks: false, keyedRows: false), Case(locks: false, keyedRows: true), Case(locks: true, keyedRows: false),
                Case(locks: true, keyedRows: true),
            ]) func withoutTheLockAnUpdateIsLost(_ lock: Case) async throws
        {
            var options = Bank.Options()
            options.locksBalances = lock.locks
            if !lock.keyedRows {
                options.omitting = PostgresLockTests.keyed
                options.foreignKeys = false
            }
            try await Bank.Engine.postgres.open([Fixture.account(50_000_000)], options) { bank in
                var lost: Int64 = 0
                var refused = 0
                for _ in 0..<20 {
                    let round = try await PostgresLockTests.rush(bank)
                    lost = round.lost
                    refused += round.refused
                    // Without the lock one round in a few suffices; with it none may.
                    if !lock.locks, lost != 0 || refused != 0 { break }
                }
                switch (lock.locks, lock.keyedRows) {
                case (true, _): #expect(lost == 0 && refused == 0)
                // The keys are the second line: they refuse what would have been lost.
                case (false, true): #expect(lost == 0 && refused > 0)
                case (false, false): #expect(lost != 0)
                }
                if lock.keyedRows { try await bank.expectCleanBooks() }
            }
        }

        /// Holds the row until told, on the thread of a connection of its own.
        private static func holding(
            _ accountId: String, of bank: Bank, _ body: @Sendable () async throws -> Void
        ) async throws {
            let books = try #require(bank.service.books as? PostgresBooks)
            let pool = PostgresPool(books.pool.settings.atLeisure)
            defer { pool.close() }
            let release = DispatchSemaphore(value: 0)
            let (locked, found) = AsyncStream.makeStream(of: Void.self)
            let holder = Task {
                try await pool.transaction { transaction in
                    _ = try transaction.query(
                        "SELECT 1 FROM account_balance WHERE account_id = $1 FOR UPDATE", [.text(accountId)])
                    found.yield()
                    release.wait()
                    return .rollBack(())
                }
            }
            _ = await locked.first { _ in true }
            do { try await body() } catch {
                release.signal()
                throw error
            }
            release.signal()
            _ = try await holder.value
        }

        private static func open(_ parameters: String, _ body: @Sendable (Bank) async throws -> Void) async throws {
            let schema = try await PostgresDepot.take()
            var options = Bank.Options()
            options.store = try .postgres(address: schema.address + parameters)
            let accounts = [Fixture.account(50_000_000), Fixture.account(50_000_000, id: "2000-0000-0002", customer: "C2")]
            try await Bank.open(accounts, options, body)
            try await PostgresDepot.giveBack(schema)
        }

        @Test(.timeLimit(.minutes(1))) func aRowThatStaysLockedIsBusyAndWorthAskingAgain() async throws {
            try await PostgresLockTests.open("&lock_timeout=100") { bank in
                try await PostgresLockTests.holding(Fixture.id, of: bank) {
                    let clock = ContinuousClock()
                    let start = clock.now
                    let busy = try await bank.pay(key: "k")
                    #expect(clock.now - start < .seconds(5))
                    #expect(busy.status == 409)
                    #expect(busy.code == "ACCOUNT_BUSY")
                    #expect(busy.retryAfter == "1")
                    #expect(busy.contentType == "application/problem+json")
                    // Readers never wait, and no other account does.
                    #expect(try await bank.preview().gross == 2_739)
                    #expect(try await bank.pay("2000-0000-0002").status == 201)
                }
                // It was not stored: the same key pays now.
                let paid = try await bank.pay(key: "k")
                #expect(paid.status == 201)
                #expect(paid.retryAfter == nil)
                try await bank.expectCleanBooks()
            }
        }

        /// The lock is asked for together with the kept answer, and only where there is none.
        @Test(.timeLimit(.minutes(1))) func whoHasHisAnswerAlreadyWaitsForNoLock() async throws {
            try await PostgresLockTests.open("&lock_timeout=20000") { bank in
                let first = try await bank.pay(key: "k")
                #expect(first.status == 201)
                try await PostgresLockTests.holding(Fixture.id, of: bank) {
                    let clock = ContinuousClock()
                    let start = clock.now
                    let again = try await bank.pay(key: "k")
                    #expect(again.status == 201 && again.body == first.body)
                    #expect(clock.now - start < .seconds(10))
                }
                try await bank.expectCleanBooks()
            }
        }

        @Test(.timeLimit(.minutes(1))) func withNoConnectionFreeTheServiceIsUnavailable() async throws {
            try await PostgresLockTests.open("&lock_timeout=3000&pool=1&pool_wait=50") { bank in
                try await PostgresLockTests.holding(Fixture.id, of: bank) {
                    let waiting = Task { try await bank.pay() }
                    let books = try #require(bank.service.books as? PostgresBooks)
                    try await eventually("the only connection taken") { books.pool.statistics.busyConnections == 1 }
                    let refused = try await bank.pay("2000-0000-0002")
                    #expect(refused.status == 503)
                    #expect(refused.code == "SERVICE_UNAVAILABLE")
                    #expect(refused.retryAfter == "1")
                    waiting.cancel()
                }
            }
        }
    }
#endif
