#if PostgreSQL
    import Foundation
    import Testing
    import TestKit

    @testable import PostgreSQLClient

    @Suite struct PoolTests {
        private func seconds(_ work: () async throws -> Void) async rethrows -> Double {
            let began = ContinuousClock.now
            try await work()
            let (whole, atto) = (ContinuousClock.now - began).components
            return Double(whole) + Double(atto) / 1e18
        }

        @Test func deadlockedTransactionsAreBegunAgainAndBothKept() async throws {
            try await withPool("&lock_timeout=5000") { pool in
                try await pool.transaction { transaction -> PostgresEnding<Bool> in
                    try transaction.execute("INSERT INTO t (id) VALUES (1), (2)")
                    return .keep(true)
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (first, second) in [(1, 2), (2, 1)] as [(Int64, Int64)] {
                        group.addTask {
                            try await pool.transaction { transaction -> PostgresEnding<Bool> in
                                _ = try transaction.query("UPDATE t SET amount = amount + 1 WHERE id = $1", [.integer(first)])
                                _ = try transaction.query("SELECT pg_sleep(0.2)")
                                _ = try transaction.query("UPDATE t SET amount = amount + 1 WHERE id = $1", [.integer(second)])
                                return .keep(true)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await pool.count("SELECT min(amount) * 10 + max(amount) FROM t") == 22)
                #expect(pool.statistics.repetitions >= 1)
            }
        }

        @Test func aRowThatStaysLockedIsALockTimeout() async throws {
            try await withPool("&lock_timeout=100") { pool in
                try await pool.transaction { transaction -> PostgresEnding<Bool> in
                    try transaction.execute("INSERT INTO t (id) VALUES (1)")
                    return .keep(true)
                }
                async let holder: Bool = pool.transaction { transaction -> PostgresEnding<Bool> in
                    _ = try transaction.query("SELECT 1 FROM t WHERE id = 1 FOR UPDATE")
                    _ = try transaction.query("SELECT pg_sleep(0.6)")
                    return .keep(true)
                }
                try await eventually("the lock being held") {
                    try await pool.count("SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'RowShareLock'")
                        > 0
                }
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { .keep(try $0.query("SELECT id FROM t WHERE id = 1 FOR UPDATE").count) }
                }
                #expect(error?.kind == .lockTimeout)
                #expect(try await holder)
            }
        }

        @Test func aStatementThatRunsOnIsEnded() async throws {
            try await withPool("&statement_timeout=100") { pool in
                let error = await #expect(throws: PostgresError.self) { try await pool.count("SELECT 1 FROM pg_sleep(5)") }
                #expect(error?.kind == .statementTimeout)
            }
        }

        @Test func whoWaitsTooLongForAConnectionIsRefused() async throws {
            try await withPool("&pool=2&pool_wait=100") { pool in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<6 {
                        group.addTask {
                            do {
                                _ = try await pool.count("SELECT 1 FROM pg_sleep(0.5)")
                                return "done"
                            } catch let error as PostgresError { return "\(error.kind)" }
                        }
                    }
                    var outcomes: [String: Int] = [:]
                    for try await outcome in group { outcomes[outcome, default: 0] += 1 }
                    #expect(outcomes == ["done": 2, "poolExhausted": 4])
                }
                let statistics = pool.statistics
                #expect(statistics.refusedCalls == 4 && statistics.connectionsMade == 2)
                #expect(
                    statistics.longestWaitMicroseconds >= 0 && statistics.waitingCalls == 0 && statistics.busyConnections == 0)
                #expect(try await pool.count("SELECT 7") == 7)
            }
        }

        @Test func aDatabaseThatIsAwayIsRefusedAtOnceAndFoundAgain() async throws {
            let port = try LoopbackSocket.freePort()
            let pool = PostgresPool(try PostgresSettings("postgres://test@127.0.0.1:\(port)/postgres", schema: "public"))
            defer { pool.close() }
            for _ in 0..<20 {
                let took = await seconds {
                    let error = await #expect(throws: PostgresError.self) { try await pool.count("SELECT 1") }
                    #expect(error?.kind == .unavailable)
                    #expect(
                        error?.message.contains("PostgreSQL at postgres://127.0.0.1:\(port)/postgres can't be reached") == true)
                }
                #expect(took < 1)
            }
            #expect(pool.statistics.failedConnections < 5)
            let server = try await PostgresServer(port: port)
            try await eventually("calls passing again") { (try? await pool.count("SELECT 1")) == 1 }
            server.stop()
            try await eventually("calls refused again") {
                do { _ = try await pool.count("SELECT 1") } catch let error as PostgresError { return error.kind == .unavailable }
                return false
            }
        }

        @Test func aServerThatWasRestartedMeanwhileIsNotNoticed() async throws {
            let server = try await PostgresServer()
            let pool = PostgresPool(
                try PostgresSettings("postgres://test@127.0.0.1:\(server.port)/postgres?pool=1", schema: "public"))
            defer { pool.close() }
            #expect(try await pool.count("SELECT 1") == 1)
            server.stop()
            let again = try await PostgresServer(port: server.port)
            #expect(try await pool.count("SELECT 2") == 2)
            #expect(pool.statistics.repetitions == 1 && pool.statistics.connectionsMade == 2)
            again.stop()
        }

        @Test func aServerThatHangsIsGivenUp() async throws {
            let server = try await PostgresServer()
            let pool = PostgresPool(
                try PostgresSettings(
                    "postgres://test@127.0.0.1:\(server.port)/postgres?pool=1&statement_timeout=100", schema: "public"))
            defer { pool.close() }
            let backend = Int32(try await pool.count("SELECT pg_backend_pid()"))
            kill(server.pid, SIGSTOP)
            kill(backend, SIGSTOP)
            let took = await seconds {
                let error = await #expect(throws: PostgresError.self) { try await pool.count("SELECT 1") }
                #expect(error?.kind == .connectionLost || error?.kind == .unavailable)
            }
            #expect(took < 15)
            kill(server.pid, SIGCONT)
            kill(backend, SIGCONT)
            try await eventually("calls passing again") { (try? await pool.count("SELECT 1")) == 1 }
            server.stop()
        }

        @Test func aServerThatTakesNoMoreConnectionsIsUsedByThoseThereAre() async throws {
            // One of them stays free for the server's own background work.
            let server = try await PostgresServer(options: "-c max_connections=4 -c superuser_reserved_connections=0")
            let pool = PostgresPool(
                try PostgresSettings("postgres://test@127.0.0.1:\(server.port)/postgres?pool=8&pool_wait=5000", schema: "public"))
            defer { pool.close() }
            try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<16 { group.addTask { try await pool.count("SELECT 1 FROM pg_sleep(0.1)") } }
                let done = try await group.reduce(0, +)
                #expect(done == 16)
            }
            #expect(pool.statistics.openConnections == 4 && pool.statistics.failedConnections > 0)
            server.stop()
        }

        @Test(arguments: [
            ("sslmode=verify-full&sslrootcert=AUTHORITY", nil),
            ("sslmode=verify-full&sslrootcert=STRANGER", "certificate verify failed"),
            ("sslmode=disable", "no pg_hba.conf entry"),
        ])
        func transportSecurity(parameters: String, refusal: String?) async throws {
            let certificates = try await TestCertificates.shared()
            let server = try await TLSServer.shared.value
            let parameters = parameters.replacing("AUTHORITY", with: certificates.certificate("authority"))
                .replacing("STRANGER", with: certificates.certificate("stranger"))
            let pool = PostgresPool(
                try PostgresSettings("postgres://test@127.0.0.1:\(server.port)/postgres?\(parameters)", schema: "public"))
            defer { pool.close() }
            let question = "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
            guard let refusal else {
                let encrypted = try await pool.count(question)
                #expect(encrypted == 1)
                return
            }
            let error = await #expect(throws: PostgresError.self) { try await pool.count(question) }
            #expect(error?.kind == .unavailable && error?.message.contains(refusal) == true, "\(String(describing: error))")
        }

        /// A server that takes TLS alone.
        private enum TLSServer {
            static let shared = Task { try await PostgresServer(certificates: TestCertificates.shared(), onlyTLS: true) }
        }

        @Test func aClosedPoolRefuses() async throws {
            try await withPool { pool in
                pool.close()
                let error = await #expect(throws: PostgresError.self) { try await pool.count() }
                #expect(error?.kind == .unavailable && error?.message == "the service is stopping")
            }
        }
    }

    @Suite struct SchemaTests {
        private static func schema(_ versions: Int) -> PostgresSchema {
            PostgresSchema(
                program: "bank test", command: "bank migrate --service test",
                (1...versions).map { .init("v\($0)", ["CREATE TABLE v\($0) (a BIGINT)", "INSERT INTO v\($0) VALUES (\($0))"]) })
        }

        private func pool() async throws -> PostgresPool {
            PostgresPool(try PostgresSettings(await PostgresServer.shared().address(), schema: "none"))
        }

        @Test func everyMigrationIsDoneOnce() async throws {
            let pool = try await pool()
            defer { pool.close() }
            #expect(try await SchemaTests.schema(1).migrate(pool) == ["v1"])
            #expect(try await SchemaTests.schema(3).migrate(pool) == ["v2", "v3"])
            #expect(try await SchemaTests.schema(3).migrate(pool) == [])
            try await SchemaTests.schema(3).check(pool)
            #expect(try await pool.count("SELECT a FROM v3") == 3)
        }

        @Test func manyAtOnceMigrateOnce() async throws {
            let pool = try await pool()
            defer { pool.close() }
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await SchemaTests.schema(2).migrate(pool).count } }
                return try await group.reduce(0, +)
            }
            #expect(done == 2)
        }

        @Test func anotherVersionIsRefused() async throws {
            let pool = try await pool()
            defer { pool.close() }
            for (have, need, words) in [
                (0, 2, "is at version 0"), (1, 2, "run `bank migrate --service test` first"),
                (3, 2, "a newer one has migrated it"),
            ] {
                if have > 0 { _ = try await SchemaTests.schema(have).migrate(pool) }
                let error = await #expect(throws: PostgresError.self) { try await SchemaTests.schema(need).check(pool) }
                #expect(error?.kind == .schema && error?.message.contains(words) == true, "\(String(describing: error))")
            }
            let error = await #expect(throws: PostgresError.self) { try await SchemaTests.schema(2).migrate(pool) }
            #expect(error?.kind == .schema)
        }

        @Test func aMigrationThatFailsLeavesNothing() async throws {
            let pool = try await pool()
            defer { pool.close() }
            let broken = PostgresSchema(
                program: "t", command: "t", [.init("1", ["CREATE TABLE a (b BIGINT)", "CREATE NONSENSE"])])
            await #expect(throws: PostgresError.self) { try await broken.migrate(pool) }
            let error = await #expect(throws: PostgresError.self) { try await broken.check(pool) }
            #expect(error?.message.contains("is at version 0") == true)
        }
    }
#endif
