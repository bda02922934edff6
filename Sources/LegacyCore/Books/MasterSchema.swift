/// Customers, accounts, products, and the ledger that every booking goes through.
///
/// Dates are whole numbers, 20260302; money is whole won. Strict tables: an amount beyond 64 bits is an error, never a rounded real.
/// Rows hang below their account, journal or payout and go with it, so that a fixture can replace an account wholly.
enum MasterSchema {
    static let sql = """
        CREATE TABLE customer(
            customer_id TEXT PRIMARY KEY, state TEXT NOT NULL, tax_category TEXT NOT NULL, treaty_ppm INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE product(product_code TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE rate_band(
            product_code TEXT NOT NULL REFERENCES product, since INTEGER NOT NULL, band_no INTEGER NOT NULL,
            up_to INTEGER, ppm INTEGER NOT NULL, PRIMARY KEY(product_code, since, band_no)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE account(
            account_id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customer, branch_code TEXT NOT NULL,
            product_code TEXT NOT NULL REFERENCES product, state TEXT NOT NULL, deposit_freeze INTEGER NOT NULL,
            withdrawal_freeze INTEGER NOT NULL, incident_amount INTEGER, opened_on INTEGER NOT NULL, last_paid_on INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_by_customer ON account(customer_id);
        CREATE INDEX account_by_product ON account(product_code);
        CREATE TABLE pot(
            account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE, pot_no INTEGER NOT NULL, pot_id TEXT NOT NULL,
            balance INTEGER NOT NULL, PRIMARY KEY(account_id, pot_no)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE balance(
            account_id TEXT PRIMARY KEY REFERENCES account ON DELETE CASCADE, balance INTEGER NOT NULL,
            held_amount INTEGER NOT NULL, version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sequence_counter(name TEXT PRIMARY KEY, last_value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE gl_chart(gl_code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE journal(
            journal_no INTEGER PRIMARY KEY, kind TEXT NOT NULL, booked_on INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE journal_line(
            journal_no INTEGER NOT NULL REFERENCES journal ON DELETE CASCADE, line_no INTEGER NOT NULL,
            gl_code TEXT NOT NULL REFERENCES gl_chart, account_id TEXT REFERENCES account, valued_on INTEGER NOT NULL,
            debit INTEGER NOT NULL, credit INTEGER NOT NULL, PRIMARY KEY(journal_no, line_no)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX journal_line_by_account ON journal_line(account_id) WHERE account_id IS NOT NULL;
        CREATE TABLE entry(
            entry_no INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
            booked_on INTEGER NOT NULL, valued_on INTEGER NOT NULL, amount INTEGER NOT NULL,
            journal_no INTEGER NOT NULL REFERENCES journal
        ) STRICT;
        CREATE INDEX entry_by_account ON entry(account_id, entry_no);
        CREATE INDEX entry_by_journal ON entry(journal_no);
        CREATE TABLE statement_line(
            account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE, line_no INTEGER NOT NULL,
            journal_no INTEGER NOT NULL, printed_on INTEGER NOT NULL, amount INTEGER NOT NULL, balance_after INTEGER NOT NULL,
            PRIMARY KEY(account_id, line_no)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE closure(
            closure_no INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
            closed_on INTEGER NOT NULL, paid_out INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX closure_by_account ON closure(account_id);

        CREATE TABLE channel_audit(
            audit_no INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL, channel TEXT NOT NULL, operation TEXT NOT NULL,
            account_id TEXT NOT NULL, business_date INTEGER NOT NULL, mirrored INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX channel_audit_by_key ON channel_audit(idempotency_key);
        CREATE TABLE idempotency_record(
            idempotency_key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, body BLOB NOT NULL,
            status INTEGER NOT NULL, content_type TEXT NOT NULL, answer BLOB NOT NULL, answered_at TEXT NOT NULL
        ) STRICT;

        INSERT INTO sequence_counter VALUES
            ('PAYOUT', 0), ('JOURNAL', 0), ('WITHHOLDING', 0), ('CLOSURE', 0);
        INSERT INTO gl_chart VALUES
            ('1010', 'settlement with other banks'), ('2010', 'demand deposits'), ('2510', 'tax withheld, to be split'),
            ('2520', 'income tax payable'), ('2530', 'local income tax payable'), ('5010', 'interest expense'),
            ('9990', 'suspense of replaced accounts');
        """

    /// Once the totals' tables are there: a row for each account of the chart.
    static let ledgerAccounts = "INSERT INTO gl_account SELECT gl_code, 0, 0 FROM gl_chart"
}
