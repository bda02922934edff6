#if PostgreSQL
    import Foundation
    import InterestContract
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import LegacyCore

    /// What callers are told when the database is busy, slow or away, and that the core finds back by itself.
    @Suite struct PostgresTroubleTests {
        private static func settings(_ parameters: String) async throws -> PostgresSettings {
            let settings = try PostgresSettings(
                await PostgresServer.shared().address() + parameters, schema: LegacySchema.defaultName)
            try await BankStore.migrate(settings)
            return settings
        }

        private static func configuration(_ settings: PostgresSettings) throws -> LegacyCoreConfiguration {
            LegacyCoreConfiguration(
                store: .postgres(settings), products: try Bank.products(), accounts: [Bank.account(), Bank.account("B-2")])
        }

        /// Carries out `sql` on a connection of its own, and keeps the transaction open for the length of `body`.
        private func holding(
            _ sql: String, in settings: PostgresSettings, _ body: @escaping @Sendable () async throws -> Void
        ) async throws {
            let pool = PostgresPool(settings)
            let (held, release) = (Latch(), DispatchSemaphore(value: 0))
            async let holder: Void = pool.transaction { transaction in
                _ = try transaction.query(sql)
                held.open()
                release.wait()
                return .rollBack(())
            }
            await withCheckedContinuation { waiting in held.whenOpen { waiting.resume() } }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            release.signal()
            try await holder
            pool.close()
            try result.get()
        }

        @Test func lockTimeoutIsBusy() async throws {
            let settings = try await Self.settings("&pool=4&lock_timeout=100")
            try await withServedBank(Self.configuration(settings)) { bank in
                try await holding("SELECT 1 FROM sequence_counter FOR UPDATE", in: settings) {
                    let reply = try await bank.payout("A-1", key: "one")
                    #expect(reply.status == 409 && reply.code == .accountBusy && reply.retryAfter == "1")
                    // Readers don't wait.
                    #expect(try await bank.send("GET", "/v1/accounts/A-1/interest").status == 200)
                }
                // Nothing was kept under the key.
                #expect(try await bank.payout("A-1", key: "one").status == 201)
            }
        }

        @Test func slowStatementIsUnavailable() async throws {
            let settings = try await Self.settings("&pool=4&lock_timeout=60000&statement_timeout=100")
            var patient = settings
            patient.statementTimeoutMilliseconds = 20_000
            try await withServedBank(Self.configuration(settings)) { [patient] bank in
                try await holding("LOCK TABLE balance", in: patient) {
                    let reply = try await bank.send("GET", "/v1/accounts/A-1")
                    #expect(reply.status == 503 && reply.code == .serviceUnavailable && reply.retryAfter == "1")
                }
                #expect(try await bank.send("GET", "/v1/accounts/A-1").status == 200)
            }
        }

        @Test func noConnectionToSpareIsUnavailable() async throws {
            let settings = try await Self.settings("&pool=1&pool_wait=50&lock_timeout=1000")
            try await withServedBank(Self.configuration(settings)) { bank in
                try await holding("SELECT 1 FROM sequence_counter FOR UPDATE", in: settings) {
                    async let writing = bank.payout("A-1")
                    try await eventually("the only connection waiting for the lock") {
                        try await bank.send("GET", "/metrics", at: nil).text.contains("bank_database_busy_connections 1\n")
                    }
                    let reply = try await bank.send("GET", "/v1/accounts/A-1")
                    #expect(reply.status == 503 && reply.code == .serviceUnavailable && reply.retryAfter == "1")
                    #expect(try await writing.status == 409)
                }
            }
        }

        /// Refused within a second while the server is stopped; as soon as it is back on its port, the core works again.
        @Test func stoppedAndStartedAgain() async throws {
            let first = try await PostgresServer()
            let address = first.address(schema: "legacy") + "&pool=4"
            let settings = try PostgresSettings(address, schema: LegacySchema.defaultName)
            try await BankStore.migrate(settings)
            try await withServedBank(Self.configuration(settings)) { bank in
                #expect(try await bank.payout("A-1").status == 201)
                #expect(try await bank.send("GET", "/healthz", at: nil).status == 200)
                first.stop()
                for (method, path) in [
                    ("POST", "/v1/accounts/B-2/interest-payouts"), ("GET", "/v1/accounts/B-2"), ("GET", "/v1/books/totals"),
                    ("GET", "/healthz"),
                ] {
                    let begin = ContinuousClock.now
                    let reply = try await bank.send(method, path, Array(Bank.channel.utf8), key: "k")
                    #expect(reply.status == 503 && reply.code == .serviceUnavailable && reply.retryAfter == "1", "\(path)")
                    #expect(begin.duration(to: .now) < .seconds(1), "\(path)")
                }
                // The contract's own checks need no database, nor do the metrics.
                #expect(try await bank.send("GET", "/nowhere").status == 404)
                #expect(try await bank.send("GET", "/metrics", at: nil).status == 200)
                // A new server on the old port, whose books are empty.
                let second = try await PostgresServer(port: first.port)
                try await BankStore.migrate(settings)
                try await eventually("the core healthy again", within: 10) {
                    try await bank.send("GET", "/healthz", at: nil).status == 200
                }
                #expect(try await bank.send("GET", "/v1/accounts/B-2").code == .accountNotFound)
                second.stop()
            }
        }

        /// The server's processes die in mid-flight and start over with the same books: one payout, whatever was asked how often.
        @Test func crashedAndRecovered() async throws {
            let server = try await PostgresServer()
            // The test's server does not write at each commit: a crash would take the last ones with it.
            let settings = try PostgresSettings(
                server.address(schema: "legacy") + "&pool=4&options=-csynchronous_commit%3Don", schema: LegacySchema.defaultName)
            try await BankStore.migrate(settings)
            let bank = try await Bank(on: .existing(.postgres(settings)), [Bank.account(), Bank.account("B-2")])
            async let claims = withTaskGroup(of: Reply.self) { group in
                for _ in 0..<20 { group.addTask { await bank.payout(key: "one") } }
                return await group.reduce(into: [Reply]()) { $0.append($1) }
            }
            let process = try #require(try await bank.number("SELECT pg_backend_pid()"))
            #expect(kill(pid_t(process), SIGKILL) == 0)
            for reply in await claims { #expect([201, 503].contains(reply.status), "\(reply.json)") }
            try await eventually("a payout after the recovery", within: 20) { await bank.payout(key: "one").status == 201 }
            #expect(await bank.payout().code == .alreadyPaidToday)
            #expect(try await bank.number("SELECT COUNT(*) FROM payout") == 1)
            #expect(try await bank.complaints() == [])
            server.stop()
        }

        @Test func awayAtTheStart() async throws {
            let settings = try PostgresSettings(
                "postgres://test@127.0.0.1:\(LoopbackSocket.freePort())/postgres", schema: LegacySchema.defaultName)
            await #expect {
                try await Bank(on: .existing(.postgres(settings)))
            } throws: { error in
                "\(error)".contains("postgres://127.0.0.1:") && "\(error)".contains("can't be reached")
            }
        }
    }
#endif
