#if PostgreSQL
    import Testing

    @testable import PostgreSQLClient

    @Suite struct SettingsTests {
        @Test func ownParametersAreTakenOut() throws {
            let settings = try PostgresSettings(
                "postgres://u:p@db:5433/bank?sslmode=require&schema=books_2&pool=3&pool_wait=7&lock_timeout=8&statement_timeout=9",
                schema: "other")
            #expect(settings.connectionString == "postgres://u:p@db:5433/bank?sslmode=require")
            #expect(settings.schema == "books_2")
            #expect(settings.poolSize == 3 && settings.poolWaitMilliseconds == 7)
            #expect(settings.lockTimeoutMilliseconds == 8 && settings.statementTimeoutMilliseconds == 9)
            #expect(settings.place == "postgres://db:5433/bank")
        }

        @Test func whatIsNotSaidIsTheDefault() throws {
            let settings = try PostgresSettings("postgresql:///bank", schema: "payout")
            #expect(settings.connectionString == "postgresql:///bank")
            #expect(settings.schema == "payout" && settings.poolSize == 8)
        }

        @Test(arguments: [
            ("mysql://h/b", "begins with postgres://"),
            ("postgres://h/b?schema=", "`schema` takes"),
            ("postgres://h/b?schema=a;b", "`schema` takes"),
            ("postgres://h/b?pool=0", "`pool` takes a whole number from 1 to 1000, not \"0\""),
            ("postgres://h/b?pool=x", "`pool` takes"),
            ("postgres://h/b?lock_timeout=-1", "`lock_timeout` takes"),
            ("postgres://h/b?nonsense=1", "invalid URI query parameter: \"nonsense\""),
            ("postgres://u:hunter2@[::1/b", "can't be read"),
        ])
        func refusals(address: String, reason: String) {
            let refusal = #expect(throws: PostgresSettings.Refusal.self) { try PostgresSettings(address, schema: "s") }
            #expect(refusal?.description.contains(reason) == true, "\(refusal?.description ?? "")")
            #expect(refusal?.description.contains("hunter2") == false)
        }
    }
#endif
