#if PostgreSQL
    import PostgreSQLClient

    /// The versions of the payout service's schema in PostgreSQL: the same tables and views as ``BooksSchema`` makes in SQLite.
    enum PostgresBooksSchema {
        static let schema = PostgresSchema(
            program: "bank payout", command: "bank migrate --service payout --store postgres://…",
            [
                .init("payment, tax and totals", PostgresFunctions.creation + tables),
                .init("views of one account", Dialect.postgres.statements(AccountViews.sql(.postgres))),
                .init(
                    "versions of what previews rest on",
                    Dialect.postgres.statements(PreviewToken.creation) + [
                        "INSERT INTO books_identity (identity) VALUES (md5(random()::text || clock_timestamp()::text || random()::text))"
                    ]),
                .init("tax events on their way through a topic", Dialect.postgres.statements(PublishedEvents.creation)),
            ])

        private static let tables =
            Dialect.postgres.statements(PaymentTables.creation) + Dialect.postgres.statements(TaxTables.creation)
            + Aggregate.all.flatMap { $0.creation(.postgres) } + Dialect.postgres.statements(BooksSchema.views)
    }

    /// What SQLite has built in and the books' SQL uses, for PostgreSQL.
    enum PostgresFunctions {
        static let creation = [
            "CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT greatest($1, $2)'",
            "CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT least($1, $2)'",
            "CREATE FUNCTION max(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT greatest($1, $2)'",
            // The second is the date's unit, as SQLite names it: seconds since 1970 are all that the books keep.
            """
            CREATE FUNCTION date(bigint, text) RETURNS text LANGUAGE sql STABLE AS
            $$ SELECT to_char(to_timestamp($1) AT TIME ZONE 'UTC', 'YYYY-MM-DD') $$
            """,
            """
            CREATE FUNCTION strftime(text, bigint, text) RETURNS text LANGUAGE sql STABLE AS
            $$ SELECT to_char(to_timestamp($2) AT TIME ZONE 'UTC', CASE $1 WHEN '%Y' THEN 'YYYY' WHEN '%Y%m' THEN 'YYYYMM' END) $$
            """,
            // What is no JSON, or no such number or truth value, is NULL and no error: the page shows what was published.
            """
            CREATE FUNCTION json_member(payload text, member text) RETURNS bigint LANGUAGE plpgsql STABLE AS
            $$
            DECLARE written text;
            BEGIN
                written := payload::jsonb ->> member;
                RETURN CASE written WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE written::bigint END;
            EXCEPTION WHEN others THEN RETURN NULL;
            END
            $$
            """,
        ]
    }
#endif
