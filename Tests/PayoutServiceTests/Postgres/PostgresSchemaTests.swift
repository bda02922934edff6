#if PostgreSQL
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import PayoutService

    @Suite struct PostgresSchemaTests {
        private static func start(_ address: String) async throws {
            _ = try await PayoutService(
                PayoutServiceConfiguration(store: .postgres(address: address), products: Fixture.products), logger: Bank.silent)
        }

        @Test func anOlderSchemaIsRefusedWithTheCommandThatMendsIt() async throws {
            let address = try await PostgresServer.shared().address()
            do {
                try await PostgresSchemaTests.start(address)
                Issue.record("it started")
            } catch let error as PostgresError {
                #expect(error.kind == .schema)
                #expect(error.message.contains("bank migrate --service payout"), "\(error)")
            }
            #expect(try await BooksMigration.run(address: address) == PostgresBooksSchema.schema.migrations.map(\.name))
            #expect(try await BooksMigration.run(address: address) == [])
            try await PostgresSchemaTests.start(address)
            // A tax worker looks at the version, too.
            let worker = try await TaxWorker(store: .postgres(address: address), logger: Bank.silent)
            #expect(try await worker.processor.drain() == .init())
        }

        @Test func aNewerSchemaIsRefused() async throws {
            let address = try await PostgresServer.shared().address()
            _ = try await BooksMigration.run(address: address)
            let pool = PostgresPool(try PostgresSettings(address, schema: "payout"))
            defer { pool.close() }
            try await pool.transaction { transaction in
                try transaction.execute("INSERT INTO schema_version (version, name) VALUES (99, 'of a later day')")
                return .keep(())
            }
            for attempt in [PostgresSchemaTests.start, { _ = try await BooksMigration.run(address: $0) }] {
                do {
                    try await attempt(address)
                    Issue.record("it went on")
                } catch let error as PostgresError {
                    #expect(error.kind == .schema)
                    #expect(error.message.contains("newer"), "\(error)")
                }
            }
        }

        @Test(arguments: [
            "postgres://h:1/b?pool=x", "postgres://h:1/b?schema=a%20b", "mysql://h/b", "postgres://h:1/b?nonsense=1",
        ])
        func anAddressThatCannotBeUsedIsRefused(_ address: String) {
            #expect(throws: PostgresSettings.Refusal.self) { try PayoutServiceConfiguration.Store.postgres(address: address) }
        }
    }
#endif
