#if PostgreSQL
    import Foundation
    import InterestContract
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import PayoutService

    /// A database that crashes, or is gone.
    @Suite struct PostgresAwayTests {
        /// Sends requests until told; how long the slowest took, and what they were answered with.
        private static func ask(_ bank: Bank, times: Int) async throws -> (slowest: Duration, statuses: Set<Int>) {
            let clock = ContinuousClock()
            var slowest = Duration.zero
            var statuses: Set<Int> = []
            for _ in 0..<times {
                let start = clock.now
                let answer = try await bank.transact(.deposit, 1)
                slowest = max(slowest, clock.now - start)
                statuses.insert(answer.status)
                if answer.status == 503 {
                    #expect(answer.code == "SERVICE_UNAVAILABLE")
                    #expect(answer.retryAfter == "1")
                    #expect(answer.contentType == "application/problem+json")
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            return (slowest, statuses)
        }

        private static func stop(_ server: PostgresServer) async {
            await withCheckedContinuation { continuation in
                Thread {
                    server.stop()
                    continuation.resume()
                }.start()
            }
        }

        @Test(.timeLimit(.minutes(2))) func aCrashIsAnsweredAtOnceAndTheServiceRecoversByItself() async throws {
            let server = try await PostgresServer()
            var options = Bank.Options()
            // The tests' server keeps commits late; a crash would take the last ones with it.
            let address = try await PostgresDepot.make(on: server).address + "&options=-csynchronous_commit%3Don"
            options.store = try .postgres(address: address)
            try await Bank.open([Fixture.account(50_000_000)], options) { bank in
                #expect(try await bank.pay().status == 201)
                #expect(try await bank.get("/healthz").status == 200)
                // A backend that is killed takes all others with it; the server restarts and replays its log.
                for _ in 0..<3 {
                    let pid = try #require(try await bank.integer("SELECT pg_backend_pid()"))
                    kill(pid_t(pid), SIGKILL)
                    let asked = try await PostgresAwayTests.ask(bank, times: 50)
                    #expect(asked.slowest < .seconds(1))
                    #expect(asked.statuses.isSubset(of: [201, 503]))
                    try await eventually("the service paying again") { try await bank.transact(.deposit, 1).status == 201 }
                }
                let entries = try await bank.integer("SELECT sum(amount) FROM entry")
                #expect(try await bank.account()["balance"] == entries)
                #expect(try await bank.bookTaxes() == .init(booked: 1))
                try await bank.expectCleanBooks()
            }
            await PostgresAwayTests.stop(server)
        }

        @Test(.timeLimit(.minutes(1))) func aDatabaseThatIsGoneIsSaidWithinASecond() async throws {
            let server = try await PostgresServer()
            var options = Bank.Options()
            options.store = try await PostgresDepot.make(on: server).store()
            try await Bank.open([Fixture.account(50_000_000)], options) { bank in
                #expect(try await bank.transact(.deposit, 1).status == 201)
                let figures = try await bank.get("/metrics").text
                for line in [
                    "bank_database_up 1", #"bank_tax_events{state="pending"} 0"#, "bank_database_max_connections 8",
                    "# TYPE bank_database_wait_seconds_total counter", "bank_previews_kept 0",
                ] {
                    #expect(figures.contains(line + "\n"), "\(line)")
                }
                await PostgresAwayTests.stop(server)
                let asked = try await PostgresAwayTests.ask(bank, times: 10)
                #expect(asked.slowest < .seconds(1))
                #expect(asked.statuses == [503])
                // Reading calls and pages say the same.
                for path in ["/v1/accounts/\(Fixture.id)", "/v1/accounts/\(Fixture.id)/interest", "/v1/books/totals", "/healthz"]
                {
                    let answer = try await bank.get(path)
                    #expect(answer.status == 503, "\(path)")
                    #expect(answer.code == "SERVICE_UNAVAILABLE", "\(path)")
                    #expect(answer.retryAfter == "1", "\(path)")
                }
                let away = try await bank.get("/metrics")
                #expect(away.status == 200)
                #expect(away.text.contains("bank_database_up 0\n"))
                #expect(!away.text.contains("bank_tax_events"))
            }
        }

        @Test func aServiceDoesNotStartWithoutItsDatabase() async throws {
            let port = try LoopbackSocket.freePort()
            let store = try PayoutServiceConfiguration.Store.postgres(address: "postgres://test:secret@127.0.0.1:\(port)/bank")
            do {
                _ = try await PayoutService(
                    PayoutServiceConfiguration(store: store, products: Fixture.products), logger: Bank.silent)
                Issue.record("it started")
            } catch {
                #expect("\(error)".contains("127.0.0.1:\(port)"), "\(error)")
                #expect(!"\(error)".contains("secret"), "\(error)")
            }
        }
    }
#endif
