#if PostgreSQL
    import Testing
    import TestKit

    @testable import PostgreSQLClient

    /// A pool on a schema of its own, with one table `t (id, name, amount)`.
    func withPool(
        _ parameters: String = "", _ body: (PostgresPool) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.shared()
        let pool = PostgresPool(try PostgresSettings(server.address() + parameters, schema: "none"))
        defer { pool.close() }
        _ = try await PostgresSchema(
            program: "test", command: "none",
            [
                .init("1", ["CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT, bytes BYTEA, amount BIGINT NOT NULL DEFAULT 0)"])
            ]
        ).migrate(pool)
        try await body(pool)
    }

    extension PostgresPool {
        func count(_ sql: String = "SELECT count(*) FROM t") async throws -> Int64 {
            try await read { try $0.query(sql)[0].integer(0) }
        }
    }

    @Suite struct TransactionTests {
        static let texts: [String?] = ["", "금리 '\"\\ %s $1", "a\nb\t\u{1}", String(repeating: "x", count: 100_000), nil]
        static let integers: [Int64] = [0, 1, -1, .max, .min]

        @Test func valuesComeBackAsTheyWent() async throws {
            try await withPool { pool in
                let bytes: [UInt8] = (0...255).map { $0 }
                for (index, text) in TransactionTests.texts.enumerated() {
                    let amount = TransactionTests.integers[index]
                    let back = try await pool.transaction { transaction -> PostgresEnding<(String?, [UInt8], Int64)> in
                        try transaction.execute(
                            "INSERT INTO t VALUES ($1, $2, $3, $4)",
                            [.integer(Int64(index)), .init(text), .bytes(bytes), .integer(amount)], as: "t")
                        let row = try transaction.query(
                            "SELECT name, bytes, amount FROM t WHERE id = $1", [.integer(Int64(index))])[0]
                        return .keep((row.textIfAny(0), try row.bytes(1), try row.integer(2)))
                    }
                    #expect(back.0 == text && back.1 == bytes && back.2 == amount)
                }
                #expect(try await pool.count() == 5)
            }
        }

        @Test func aShapeThatIsNotExpectedIsAnError() async throws {
            try await withPool { pool in
                for query in ["SELECT NULL", "SELECT 'x'", "SELECT 1.5", "SELECT 9223372036854775808"] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await pool.read { try $0.query(query)[0].integer(0) }
                    }
                    #expect(error?.kind == .unexpectedShape)
                }
            }
        }

        @Test func statementsTravelTogether() async throws {
            try await withPool("&pool=1") { pool in
                _ = try await pool.count()
                let before = pool.statistics
                try await pool.transaction { transaction -> PostgresEnding<Bool> in
                    for id in 1...50 { try transaction.execute("INSERT INTO t (id) VALUES ($1)", [.integer(Int64(id))], as: "t") }
                    return .keep(true)
                }
                // BEGIN with the fifty, then COMMIT.
                #expect(pool.statistics.roundTrips - before.roundTrips == 2)
                #expect(pool.statistics.statements - before.statements == 52)
                #expect(try await pool.count() == 50)
            }
        }

        @Test func moreThanTheBuffersHoldGoesThrough() async throws {
            try await withPool { pool in
                let name = String(repeating: "n", count: 5_000)
                try await pool.transaction { transaction -> PostgresEnding<Bool> in
                    for id in 1...5_000 {
                        try transaction.execute("INSERT INTO t (id, name) VALUES ($1, $2)", [.integer(Int64(id)), .text(name)])
                    }
                    return .keep(true)
                }
                #expect(try await pool.count("SELECT sum(length(name)) FROM t") == 25_000_000)
            }
        }

        @Test func moreTextsThanArePreparedWork() async throws {
            try await withPool("&pool=1") { pool in
                for round in 0..<2 {
                    for number in 0..<700 {
                        let sum = try await pool.count("SELECT \(number) + \(round)")
                        #expect(sum == Int64(number + round))
                    }
                }
            }
        }

        @Test func anErrorLeavesNothingAndTheConnectionGood() async throws {
            try await withPool("&pool=1") { pool in
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction -> PostgresEnding<Bool> in
                        try transaction.execute("INSERT INTO t (id) VALUES (1)")
                        try transaction.execute("INSERT INTO nothere VALUES ($1)", [1])
                        try transaction.execute("INSERT INTO t (id) VALUES ($1)", [2])
                        try transaction.execute("INSERT INTO t (id) VALUES ($1)", [3])
                        return .keep(true)
                    }
                }
                #expect(error?.sqlState == "42P01" && error?.message == "relation \"nothere\" does not exist")
                #expect(try await pool.count() == 0)
                // What failed to be prepared, and what stood behind it, can be sent again.
                try await pool.transaction { transaction -> PostgresEnding<Bool> in
                    try transaction.execute("INSERT INTO t (id) VALUES ($1)", [2], as: "t")
                    return .keep(true)
                }
                #expect(try await pool.count() == 1)
                #expect(pool.statistics.connectionsMade == 1)
            }
        }

        @Test func anErrorThatIsPassedOverIsNotKeptAsIfNothingHadBeen() async throws {
            try await withPool { pool in
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction -> PostgresEnding<Bool> in
                        try transaction.execute("INSERT INTO t (id) VALUES (1)")
                        _ = try? transaction.query("SELECT 1 FROM nothere")
                        return .keep(true)
                    }
                }
                #expect(error?.message == "the transaction was rolled back: one of its statements had failed")
                let rows = try await pool.count()
                #expect(rows == 0)
            }
        }

        @Test func aStepThatChangesNoRowKeepsNothing() async throws {
            try await withPool { pool in
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction -> PostgresEnding<Bool> in
                        try transaction.execute("INSERT INTO t (id) VALUES (1)", as: "insert")
                        try transaction.execute("UPDATE t SET amount = 1 WHERE id = 7", as: "balance")
                        return .keep(true)
                    }
                }
                #expect(error?.kind == .noRowChanged && error?.message == "the step balance touched no row")
                let rows = try await pool.count()
                #expect(rows == 0)
            }
        }

        @Test func rolledBackWorkIsCarriedOutAndLeavesNothing() async throws {
            try await withPool { pool in
                let inside = try await pool.transaction { transaction -> PostgresEnding<Int64> in
                    try transaction.execute("INSERT INTO t (id) VALUES (1)", as: "insert")
                    return .rollBack(try transaction.query("SELECT count(*) FROM t")[0].integer(0))
                }
                #expect(inside == 1)
                #expect(try await pool.count() == 0)
                await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction -> PostgresEnding<Bool> in
                        try transaction.execute("INSERT INTO nothere VALUES (1)")
                        return .rollBack(true)
                    }
                }
            }
        }

        @Test func aUniqueConstraintIsNamed() async throws {
            try await withPool { pool in
                for attempt in 1...2 {
                    do {
                        try await pool.transaction { transaction -> PostgresEnding<Bool> in
                            try transaction.execute("INSERT INTO t (id) VALUES (1)")
                            return .keep(true)
                        }
                        #expect(attempt == 1)
                    } catch let error as PostgresError {
                        #expect(attempt == 2 && error.kind == .unique && error.constraint == "t_pkey")
                    }
                }
                // Named as a conflict it is begun again, and sees the row then.
                let found = try await pool.transaction(conflicts: ["t_pkey"]) { transaction -> PostgresEnding<Bool> in
                    if pool.statistics.repetitions > 0 {
                        return .keep(try transaction.query("SELECT 1 FROM t WHERE id = 1").count == 1)
                    }
                    try transaction.execute("INSERT INTO t (id) VALUES (1)")
                    return .keep(false)
                }
                #expect(found)
            }
        }
    }
#endif
