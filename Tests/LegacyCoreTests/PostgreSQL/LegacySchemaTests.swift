#if PostgreSQL
    import InterestContract
    import PostgreSQLClient
    import TestKit
    import Testing

    @testable import LegacyCore

    @Suite struct LegacySchemaTests {
        private func refusal(of settings: PostgresSettings) async -> String? {
            do {
                _ = try await Bank(on: .existing(.postgres(settings)))
                return nil
            } catch { return "\(error)" }
        }

        @Test func olderAndNewerAreRefused() async throws {
            let settings = try PostgresSettings(await PostgresServer.shared().address(), schema: LegacySchema.defaultName)
            let pool = PostgresPool(settings)
            let older = try #require(await refusal(of: settings))
            #expect(older.contains("is at version 0") && older.contains("bank migrate --service legacy"), "\(older)")
            #expect(try await LegacySchema.postgres.migrate(pool) == LegacySchema.postgres.migrations.map(\.name))
            #expect(await refusal(of: settings) == nil)
            #expect(try await LegacySchema.postgres.migrate(pool) == [])
            let next = LegacySchema.postgres.migrations.count + 1
            try await pool.transaction { transaction in
                try transaction.execute("INSERT INTO schema_version(version, name) VALUES(\(next), 'of tomorrow')")
                return .keep(())
            }
            let newer = try #require(await refusal(of: settings))
            #expect(newer.contains("is at version \(next)") && newer.contains("newer"), "\(newer)")
            pool.close()
        }

        /// The same tables and views, with the same columns in the same order, as SQLite has them.
        @Test func sameColumnsOnBothStores() async throws {
            let postgres = try await Bank(on: .postgres)
            let sqlite = try await Bank()
            let there = try await postgres.read { books in
                try books.rows(
                    """
                    SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = current_schema() AND table_name <> 'schema_version' ORDER BY table_name, ordinal_position
                    """
                ).map { "\(try $0.text(0)).\(try $0.text(1))" }
            }
            let here = try await sqlite.read { books in
                try books.rows(
                    """
                    SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                    WHERE m.type IN ('table', 'view') AND m.name <> 'grdb_migrations' ORDER BY m.name, c.cid
                    """
                ).map { "\(try $0.text(0)).\(try $0.text(1))" }
            }
            #expect(there == here)
        }

        @Test func idsInTheOrderOfTheirBytes() async throws {
            let names = ["a-1", "B-1", "a1", "B", "a"]
            let bank = try await Bank(on: .postgres, names.map { Bank.account($0) })
            let page = await bank.get("/v1/books/accounts").json["accounts"]?.array
            #expect(page?.map { $0["accountId"]?.string } == names.sorted().map { $0 })
            // The test's database sorts by bytes anyway; others need not.
            let unsorted = """
                SELECT COUNT(*) FROM information_schema.columns JOIN information_schema.tables USING(table_schema, table_name)
                WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'schema_version'
                    AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                """
            #expect(try await bank.number(unsorted) == 0)
        }
    }
#endif
