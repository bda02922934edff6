/// One row per payout in each of these: the papers that a payment and its tax leave behind.
enum PayoutSchema {
    static let sql = """
        CREATE TABLE payout(
            payout_no INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
            customer_id TEXT NOT NULL, branch_code TEXT NOT NULL, product_code TEXT NOT NULL, tax_category TEXT NOT NULL,
            channel TEXT NOT NULL, business_date INTEGER NOT NULL, month INTEGER NOT NULL, year INTEGER NOT NULL,
            journal_no INTEGER NOT NULL REFERENCES journal, tax_journal_no INTEGER NOT NULL REFERENCES journal DEFERRABLE INITIALLY DEFERRED,
            gross INTEGER NOT NULL, income_tax INTEGER NOT NULL, local_income_tax INTEGER NOT NULL, net INTEGER NOT NULL,
            balance_after INTEGER NOT NULL, held_after INTEGER NOT NULL, idempotency_key TEXT NOT NULL,
            mirrored INTEGER NOT NULL, processed_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX payout_by_account ON payout(account_id, business_date);
        CREATE INDEX payout_by_journal ON payout(journal_no);
        CREATE INDEX payout_by_tax_journal ON payout(tax_journal_no);
        CREATE TABLE payout_calculation(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, account_id TEXT NOT NULL,
            period_from INTEGER NOT NULL, period_to INTEGER NOT NULL, days INTEGER NOT NULL,
            won_ppm_days TEXT NOT NULL, gross INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE payout_rate(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, product_code TEXT NOT NULL,
            schedule_since INTEGER NOT NULL, bands INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE payout_eligibility(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, customer_state TEXT NOT NULL,
            account_state TEXT NOT NULL, deposit_freeze INTEGER NOT NULL, withdrawal_freeze INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE payout_status(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, status TEXT NOT NULL, since TEXT NOT NULL
        ) STRICT;
        CREATE TABLE payout_day(
            account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE, business_date INTEGER NOT NULL,
            payout_no INTEGER NOT NULL UNIQUE REFERENCES payout ON DELETE CASCADE, PRIMARY KEY(account_id, business_date)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE accrual_settlement(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, account_id TEXT NOT NULL,
            settled_through INTEGER NOT NULL, gross INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE interest_register(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, account_id TEXT NOT NULL,
            paid_on INTEGER NOT NULL, gross INTEGER NOT NULL, withheld INTEGER NOT NULL, net INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE balance_history(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, account_id TEXT NOT NULL,
            balance_before INTEGER NOT NULL, balance_after INTEGER NOT NULL, version INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE hold_history(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, account_id TEXT NOT NULL,
            held_before INTEGER NOT NULL, held_after INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE receipt(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, receipt_text TEXT NOT NULL, net INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE notice_queue(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, customer_id TEXT NOT NULL, kind TEXT NOT NULL,
            net INTEGER NOT NULL, authoritative INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE screening_log(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, customer_id TEXT NOT NULL,
            amount INTEGER NOT NULL, counterparty TEXT NOT NULL
        ) STRICT;
        CREATE TABLE warehouse_feed(
            payout_no INTEGER PRIMARY KEY REFERENCES payout ON DELETE CASCADE, business_date INTEGER NOT NULL,
            account_id TEXT NOT NULL, product_code TEXT NOT NULL, gross INTEGER NOT NULL, net INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE withholding(
            withholding_no INTEGER PRIMARY KEY, payout_no INTEGER NOT NULL UNIQUE REFERENCES payout ON DELETE CASCADE,
            account_id TEXT NOT NULL, customer_id TEXT NOT NULL, tax_category TEXT NOT NULL, gross INTEGER NOT NULL,
            income_tax INTEGER NOT NULL, local_income_tax INTEGER NOT NULL, withheld_on INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX withholding_by_account ON withholding(account_id);
        CREATE TABLE income_tax_line(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, base INTEGER NOT NULL,
            ppm INTEGER NOT NULL, tax INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE local_tax_line(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, base INTEGER NOT NULL,
            ppm INTEGER NOT NULL, tax INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE tax_rule_applied(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, tax_category TEXT NOT NULL,
            treaty_ppm INTEGER, rule TEXT NOT NULL
        ) STRICT;
        CREATE TABLE withholding_certificate(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, customer_id TEXT NOT NULL,
            issued_on INTEGER NOT NULL, gross INTEGER NOT NULL, withheld INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE payment_report_line(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, customer_id TEXT NOT NULL,
            year INTEGER NOT NULL, gross INTEGER NOT NULL, income_tax INTEGER NOT NULL, local_income_tax INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE tax_notice_queue(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, income_tax INTEGER NOT NULL,
            local_income_tax INTEGER NOT NULL, authoritative INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE tax_trail(
            withholding_no INTEGER PRIMARY KEY REFERENCES withholding ON DELETE CASCADE, journal_no INTEGER NOT NULL,
            withheld INTEGER NOT NULL, recorded_at TEXT NOT NULL
        ) STRICT;
        """
}
