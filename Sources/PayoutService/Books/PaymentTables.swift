/// The tables of facts on the payment side, and the statements that put rows into them.
enum PaymentTables {
    static let entry = InsertedTable("entry", "account_id", "booked_on", "valued_on", "amount", "kind", "reference")
    static let journal = InsertedTable("journal", "journal_id", "account_id", "kind", "booked_on", "reference")
    static let journalLine = InsertedTable(
        "journal_line", "journal_id", "line_no", "account_id", "gl", "booked_on", "valued_on", "debit", "credit")
    static let statementLine = InsertedTable(
        "statement_line", "account_id", "line_no", "booked_on", "valued_on", "kind", "amount", "reference")
    static let balanceHistory = InsertedTable(
        "balance_history", "account_id", "version", "balance_before", "balance_after", "held_before", "held_after", "reference")
    static let accountEvent = InsertedTable("account_event", "account_id", "version", "kind", "business_day", "reference")
    static let channelAudit = InsertedTable(
        "channel_audit", "reference", "account_id", "operation", "channel", "business_day", "instant", "amount", "authoritative")
    static let payout = InsertedTable(
        "payout", "payout_id", "account_id", "business_day", "origin", "channel", "gross", "net", "processed_at", "authoritative")
    static let payoutPeriod = InsertedTable("payout_period", "payout_id", "account_id", "from_day", "to_day", "days")
    static let interestBasis = InsertedTable("interest_basis", "payout_id", "account_id", "won_ppm_days", "divisor", "gross")
    static let payoutTax = InsertedTable(
        "payout_tax", "payout_id", "account_id", "category", "treaty_ppm", "income_tax", "local_tax")
    static let payoutClaim = InsertedTable("payout_claim", "account_id", "business_day", "payout_id")
    static let accrual = InsertedTable("accrual", "payout_id", "account_id", "accrued_through", "amount")
    static let decision = InsertedTable(
        "decision", "payout_id", "account_id", "customer_state", "account_state", "deposit_freeze", "withdrawal_freeze")
    static let holdMovement = InsertedTable("hold_movement", "payout_id", "account_id", "held_before", "held_after")
    static let notice = InsertedTable("notice", "reference", "account_id", "customer_id", "kind", "amount", "authoritative")
    static let closure = InsertedTable("closure", "closure_id", "account_id", "business_day", "paid_out")
    static let taxOutbox = InsertedTable("tax_outbox", "event_id", "account_id", "authoritative", "payload")

    /// Facts that belong to an account: what goes when a fixture replaces it. Children before parents.
    static let ofAnAccount = [
        "tax_outbox", "closure", "notice", "hold_movement", "decision", "accrual", "payout_claim", "payout_tax", "interest_basis",
        "payout_period", "payout", "channel_audit", "account_event", "balance_history", "statement_line", "journal_line",
        "journal",
        "entry", "pot", "account_balance", "account",
    ]

    static let creation = """
        CREATE TABLE product (product TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE rate_schedule (
            product TEXT NOT NULL REFERENCES product, since INTEGER NOT NULL, bands TEXT NOT NULL, PRIMARY KEY (product, since)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE customer (
            customer_id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, tax_category TEXT NOT NULL, treaty_ppm INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE account (
            account_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customer, product TEXT NOT NULL REFERENCES product,
            branch TEXT NOT NULL, opened_on INTEGER NOT NULL, state TEXT NOT NULL, deposit_freeze INTEGER NOT NULL,
            withdrawal_freeze INTEGER NOT NULL, incident_amount INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_by_customer ON account (customer_id);
        CREATE INDEX account_by_product ON account (product);
        CREATE TABLE account_balance (
            account_id TEXT NOT NULL PRIMARY KEY REFERENCES account, balance INTEGER NOT NULL, held INTEGER NOT NULL CHECK (held >= 0),
            last_paid_on INTEGER, version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pot (
            account_id TEXT NOT NULL REFERENCES account, pot_id TEXT NOT NULL, balance INTEGER NOT NULL, PRIMARY KEY (account_id, pot_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE entry (
            entry_id INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account, booked_on INTEGER NOT NULL,
            valued_on INTEGER NOT NULL, amount INTEGER NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL, CHECK (valued_on <= booked_on)
        ) STRICT;
        CREATE INDEX entry_by_account ON entry (account_id, valued_on);
        CREATE TABLE journal (
            journal_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account, kind TEXT NOT NULL,
            booked_on INTEGER NOT NULL, reference TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX journal_by_account ON journal (account_id);
        CREATE TABLE journal_line (
            journal_id TEXT NOT NULL REFERENCES journal, line_no INTEGER NOT NULL, account_id TEXT NOT NULL, gl INTEGER NOT NULL,
            booked_on INTEGER NOT NULL, valued_on INTEGER NOT NULL, debit INTEGER NOT NULL CHECK (debit >= 0),
            credit INTEGER NOT NULL CHECK (credit >= 0), PRIMARY KEY (journal_id, line_no)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX journal_line_by_account ON journal_line (account_id, gl);
        CREATE TABLE statement_line (
            account_id TEXT NOT NULL REFERENCES account, line_no INTEGER NOT NULL, booked_on INTEGER NOT NULL, valued_on INTEGER NOT NULL,
            kind TEXT NOT NULL, amount INTEGER NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (account_id, line_no)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE balance_history (
            account_id TEXT NOT NULL REFERENCES account, version INTEGER NOT NULL, balance_before INTEGER NOT NULL,
            balance_after INTEGER NOT NULL, held_before INTEGER NOT NULL, held_after INTEGER NOT NULL, reference TEXT NOT NULL,
            PRIMARY KEY (account_id, version)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE account_event (
            account_id TEXT NOT NULL REFERENCES account, version INTEGER NOT NULL, kind TEXT NOT NULL, business_day INTEGER NOT NULL,
            reference TEXT NOT NULL, PRIMARY KEY (account_id, version)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE channel_audit (
            audit_id INTEGER PRIMARY KEY, reference TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES account, operation TEXT NOT NULL,
            channel TEXT NOT NULL, business_day INTEGER NOT NULL, instant INTEGER NOT NULL, amount INTEGER NOT NULL,
            authoritative INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX channel_audit_by_account ON channel_audit (account_id);
        CREATE TABLE payout (
            payout_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account, business_day INTEGER NOT NULL,
            origin TEXT NOT NULL, channel TEXT NOT NULL, gross INTEGER NOT NULL, net INTEGER NOT NULL, processed_at INTEGER NOT NULL,
            authoritative INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX payout_once_a_day ON payout (account_id, business_day);
        CREATE TABLE payout_period (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, from_day INTEGER NOT NULL,
            to_day INTEGER NOT NULL, days INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE interest_basis (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, won_ppm_days TEXT NOT NULL,
            divisor INTEGER NOT NULL, gross INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE payout_tax (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, category TEXT NOT NULL, treaty_ppm INTEGER,
            income_tax INTEGER NOT NULL, local_tax INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE payout_claim (
            account_id TEXT NOT NULL REFERENCES account, business_day INTEGER NOT NULL, payout_id TEXT NOT NULL REFERENCES payout,
            PRIMARY KEY (account_id, business_day)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE accrual (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, accrued_through INTEGER NOT NULL,
            amount INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE decision (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, customer_state TEXT NOT NULL,
            account_state TEXT NOT NULL, deposit_freeze INTEGER NOT NULL, withdrawal_freeze INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE hold_movement (
            payout_id TEXT NOT NULL PRIMARY KEY REFERENCES payout, account_id TEXT NOT NULL, held_before INTEGER NOT NULL,
            held_after INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE notice (
            notice_id INTEGER PRIMARY KEY, reference TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES account, customer_id TEXT NOT NULL,
            kind TEXT NOT NULL, amount INTEGER NOT NULL, authoritative INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX notice_by_account ON notice (account_id);
        CREATE TABLE closure (
            closure_id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account, business_day INTEGER NOT NULL,
            paid_out INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX closure_by_account ON closure (account_id);
        CREATE TABLE idempotency (
            key TEXT NOT NULL PRIMARY KEY, method TEXT NOT NULL, target TEXT NOT NULL, body BLOB NOT NULL, status INTEGER NOT NULL,
            content_type TEXT NOT NULL, answer BLOB NOT NULL, reference TEXT NOT NULL, stored_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
