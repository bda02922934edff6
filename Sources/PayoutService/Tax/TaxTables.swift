/// The tables of facts on the tax side.
enum TaxTables {
    static let withholding = InsertedTable(
        "withholding", "event_id", "payout_id", "account_id", "customer_id", "branch", "product", "category", "business_day",
        "gross",
        "income_tax", "local_tax")
    static let payable = InsertedTable("tax_payable", "event_id", "kind", "account_id", "due_month", "amount")
    static let paymentReport = InsertedTable(
        "payment_report", "event_id", "account_id", "customer_id", "year", "category", "gross", "withheld", "authoritative")
    static let certificate = InsertedTable(
        "certificate", "event_id", "account_id", "customer_id", "year", "gross", "income_tax", "local_tax")
    static let taxStatementLine = InsertedTable(
        "tax_statement_line", "event_id", "account_id", "business_day", "gross", "withheld")
    static let taxAudit = InsertedTable("tax_audit", "event_id", "account_id", "payload", "authoritative")
    static let remittanceItem = InsertedTable(
        "remittance_item", "event_id", "kind", "account_id", "branch", "due_month", "amount", "authoritative")
    static let inbox = InsertedTable("tax_inbox", "event_id", "account_id", "booked_at")

    static let ofAnAccount = [
        "withholding", "tax_payable", "payment_report", "certificate", "tax_statement_line", "tax_audit", "remittance_item",
        "tax_inbox", "tax_dead_letter", "tax_published",
    ]

    static let creation = """
        CREATE TABLE tax_outbox (
            position INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL,
            authoritative INTEGER NOT NULL, payload TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DONE', 'DEAD')),
            attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0, last_error TEXT
        ) STRICT;
        CREATE INDEX tax_outbox_pending ON tax_outbox (account_id, position) WHERE state = 'PENDING';
        CREATE INDEX tax_outbox_in_order ON tax_outbox (position) WHERE state = 'PENDING';
        CREATE INDEX tax_outbox_dead ON tax_outbox (position) WHERE state = 'DEAD';
        CREATE TABLE tax_inbox (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, booked_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tax_dead_letter (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, payload TEXT NOT NULL, attempts INTEGER NOT NULL,
            reason TEXT NOT NULL, buried_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE withholding (
            event_id TEXT NOT NULL PRIMARY KEY, payout_id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL, customer_id TEXT NOT NULL,
            branch TEXT NOT NULL, product TEXT NOT NULL, category TEXT NOT NULL, business_day INTEGER NOT NULL, gross INTEGER NOT NULL,
            income_tax INTEGER NOT NULL, local_tax INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX withholding_by_account ON withholding (account_id);
        CREATE TABLE tax_payable (
            event_id TEXT NOT NULL, kind TEXT NOT NULL, account_id TEXT NOT NULL, due_month INTEGER NOT NULL, amount INTEGER NOT NULL,
            PRIMARY KEY (event_id, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE payment_report (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, customer_id TEXT NOT NULL, year INTEGER NOT NULL,
            category TEXT NOT NULL, gross INTEGER NOT NULL, withheld INTEGER NOT NULL, authoritative INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE certificate (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, customer_id TEXT NOT NULL, year INTEGER NOT NULL,
            gross INTEGER NOT NULL, income_tax INTEGER NOT NULL, local_tax INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tax_statement_line (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, business_day INTEGER NOT NULL, gross INTEGER NOT NULL,
            withheld INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tax_audit (
            event_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, payload TEXT NOT NULL, authoritative INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE remittance_item (
            event_id TEXT NOT NULL, kind TEXT NOT NULL, account_id TEXT NOT NULL, branch TEXT NOT NULL, due_month INTEGER NOT NULL,
            amount INTEGER NOT NULL, authoritative INTEGER NOT NULL, PRIMARY KEY (event_id, kind)
        ) STRICT, WITHOUT ROWID;
        """
}
