/// A table of running totals, which steps add to, and the query that explains every row of it from the single papers.
///
/// The audit compares the two; replacing an account by a fixture fills the table anew from the query.
struct LedgerTotal: Sendable {
    let table: String
    /// Columns and key, as in CREATE TABLE.
    let columns: String
    /// Gives the same columns in the same order.
    let explanation: String
    /// Its key's columns, where there are ``sums``.
    var key = ""
    /// The columns that add up where a key is there already; none where a key is an account.
    var sums: [String] = []

    var schema: String { "CREATE TABLE \(table)(\(columns)) STRICT, WITHOUT ROWID;" }

    /// How many rows stand in the table but not in its explanation, or the other way round.
    var differences: String {
        """
        SELECT (SELECT COUNT(*) FROM (SELECT * FROM \(table) EXCEPT SELECT * FROM (\(explanation)) AS explained) AS extra)
             + (SELECT COUNT(*) FROM (SELECT * FROM (\(explanation)) AS explained EXCEPT SELECT * FROM \(table)) AS missing)
        """
    }

    /// Adds new accounts, which no total holds yet.
    ///
    /// - Parameter scope: `WITH`, and under the papers' names those of the new accounts alone.
    func add(within scope: String) -> String {
        "\(scope) INSERT INTO \(table) SELECT * FROM (\(explanation)) AS explained WHERE true"
            + (sums.isEmpty ? "" : " " + BookingSQL.onConflict(in: table, key: key, adding: sums))
    }

    var refill: [String] { ["DELETE FROM \(table)", "INSERT INTO \(table) \(explanation)"] }
}

extension LedgerTotal {
    /// Totals of every booking.
    static let ledger: [LedgerTotal] = [
        // What the interest is computed from: the closing balance of each value date on which something moved.
        LedgerTotal(
            table: "daily_balance",
            columns:
                "account_id TEXT, value_date INTEGER, movement INTEGER NOT NULL, closing_balance INTEGER NOT NULL, PRIMARY KEY(account_id, value_date)",
            explanation: """
                SELECT account_id, valued_on, SUM(amount), SUM(SUM(amount)) OVER (PARTITION BY account_id ORDER BY valued_on)
                FROM entry GROUP BY account_id, valued_on
                """),
        LedgerTotal(
            table: "gl_account",
            columns: "gl_code TEXT PRIMARY KEY, debits INTEGER NOT NULL, credits INTEGER NOT NULL",
            explanation: """
                SELECT c.gl_code, COALESCE(SUM(l.debit), 0), COALESCE(SUM(l.credit), 0)
                FROM gl_chart c LEFT JOIN journal_line l USING(gl_code) GROUP BY c.gl_code
                """, key: "gl_code", sums: ["debits", "credits"]),
        LedgerTotal(
            table: "gl_day",
            columns:
                "gl_code TEXT, booked_on INTEGER, debits INTEGER NOT NULL, credits INTEGER NOT NULL, PRIMARY KEY(gl_code, booked_on)",
            explanation: """
                SELECT l.gl_code, j.booked_on, SUM(l.debit), SUM(l.credit)
                FROM journal_line l JOIN journal j USING(journal_no) GROUP BY l.gl_code, j.booked_on
                """, key: "gl_code, booked_on", sums: ["debits", "credits"]),
        LedgerTotal(
            table: "day_control",
            columns:
                "booked_on INTEGER, is_tax INTEGER, journals INTEGER NOT NULL, debits INTEGER NOT NULL, credits INTEGER NOT NULL, PRIMARY KEY(booked_on, is_tax)",
            explanation: """
                SELECT j.booked_on, CASE j.kind WHEN 'TAX' THEN 1 ELSE 0 END, COUNT(DISTINCT j.journal_no), COALESCE(SUM(l.debit), 0), COALESCE(SUM(l.credit), 0)
                FROM journal j LEFT JOIN journal_line l USING(journal_no) GROUP BY 1, 2
                """, key: "booked_on, is_tax", sums: ["journals", "debits", "credits"]),
        LedgerTotal(
            table: "deposit_subledger",
            columns: "account_id TEXT PRIMARY KEY, debits INTEGER NOT NULL, credits INTEGER NOT NULL",
            explanation: """
                SELECT account_id, SUM(debit), SUM(credit) FROM journal_line WHERE account_id IS NOT NULL GROUP BY account_id
                """),
        LedgerTotal(
            table: "passbook",
            columns: "account_id TEXT PRIMARY KEY, lines INTEGER NOT NULL",
            explanation: "SELECT account_id, COUNT(*) FROM statement_line GROUP BY account_id"),
        LedgerTotal(
            table: "account_activity",
            columns: "account_id TEXT PRIMARY KEY, movements INTEGER NOT NULL, last_on INTEGER NOT NULL",
            explanation: "SELECT account_id, COUNT(*), MAX(booked_on) FROM entry GROUP BY account_id"),
        LedgerTotal(
            table: "insured_deposit",
            columns: "account_id TEXT PRIMARY KEY, insured_amount INTEGER NOT NULL",
            explanation: "SELECT account_id, SUM(amount) FROM entry GROUP BY account_id"),
        LedgerTotal(
            table: "liquidity_day",
            columns: "booked_on INTEGER PRIMARY KEY, inflow INTEGER NOT NULL, outflow INTEGER NOT NULL",
            explanation: "SELECT booked_on, SUM(MAX(amount, 0)), SUM(MAX(-amount, 0)) FROM entry GROUP BY booked_on",
            key: "booked_on", sums: ["inflow", "outflow"]),
        LedgerTotal(
            table: "reserve_base",
            columns: "product_code TEXT, booked_on INTEGER, change INTEGER NOT NULL, PRIMARY KEY(product_code, booked_on)",
            explanation: """
                SELECT a.product_code, e.booked_on, SUM(e.amount) FROM entry e JOIN account a USING(account_id)
                GROUP BY a.product_code, e.booked_on
                """, key: "product_code, booked_on", sums: ["change"]),
    ]

    /// Totals of payouts.
    static let payment: [LedgerTotal] = [
        LedgerTotal(
            table: "accrual_position",
            columns: "account_id TEXT PRIMARY KEY, settled_through INTEGER NOT NULL, settled INTEGER NOT NULL",
            explanation: "SELECT account_id, MAX(period_to), SUM(gross) FROM payout_calculation GROUP BY account_id"),
        LedgerTotal(
            table: "channel_limit",
            columns:
                "channel TEXT, business_date INTEGER, payouts INTEGER NOT NULL, net INTEGER NOT NULL, PRIMARY KEY(channel, business_date)",
            explanation: "SELECT channel, business_date, COUNT(*), SUM(net) FROM payout GROUP BY channel, business_date"),
        LedgerTotal(
            table: "customer_limit",
            columns: "customer_id TEXT, year INTEGER, net INTEGER NOT NULL, PRIMARY KEY(customer_id, year)",
            explanation: "SELECT customer_id, year, SUM(net) FROM payout GROUP BY customer_id, year"),
        LedgerTotal(
            table: "customer_total",
            columns: "customer_id TEXT PRIMARY KEY, payouts INTEGER NOT NULL, gross INTEGER NOT NULL, net INTEGER NOT NULL",
            explanation: "SELECT customer_id, COUNT(*), SUM(gross), SUM(net) FROM payout GROUP BY customer_id"),
        LedgerTotal(
            table: "customer_month",
            columns:
                "customer_id TEXT, month INTEGER, gross INTEGER NOT NULL, net INTEGER NOT NULL, PRIMARY KEY(customer_id, month)",
            explanation: "SELECT customer_id, month, SUM(gross), SUM(net) FROM payout GROUP BY customer_id, month"),
        LedgerTotal(
            table: "customer_contact",
            columns: "customer_id TEXT PRIMARY KEY, last_on INTEGER NOT NULL",
            explanation: "SELECT customer_id, MAX(business_date) FROM payout GROUP BY customer_id"),
        LedgerTotal(
            table: "account_year",
            columns:
                "account_id TEXT, year INTEGER, payouts INTEGER NOT NULL, gross INTEGER NOT NULL, PRIMARY KEY(account_id, year)",
            explanation: "SELECT account_id, year, COUNT(*), SUM(gross) FROM payout GROUP BY account_id, year"),
        LedgerTotal(
            table: "branch_day",
            columns:
                "branch_code TEXT, business_date INTEGER, payouts INTEGER NOT NULL, net INTEGER NOT NULL, PRIMARY KEY(branch_code, business_date)",
            explanation: "SELECT branch_code, business_date, COUNT(*), SUM(net) FROM payout GROUP BY branch_code, business_date"),
        LedgerTotal(
            table: "product_day",
            columns:
                "product_code TEXT, business_date INTEGER, payouts INTEGER NOT NULL, gross INTEGER NOT NULL, PRIMARY KEY(product_code, business_date)",
            explanation:
                "SELECT product_code, business_date, COUNT(*), SUM(gross) FROM payout GROUP BY product_code, business_date"),
        LedgerTotal(
            table: "cost_centre_month",
            columns: "branch_code TEXT, month INTEGER, interest_expense INTEGER NOT NULL, PRIMARY KEY(branch_code, month)",
            explanation: "SELECT branch_code, month, SUM(gross) FROM payout GROUP BY branch_code, month"),
    ]

    /// Totals of withheld taxes.
    static let tax: [LedgerTotal] = [
        LedgerTotal(
            table: "income_tax_payable",
            columns: "month INTEGER PRIMARY KEY, tax INTEGER NOT NULL",
            explanation: "SELECT withheld_on / 100, SUM(income_tax) FROM withholding GROUP BY withheld_on / 100"),
        LedgerTotal(
            table: "local_tax_payable",
            columns: "branch_code TEXT, month INTEGER, tax INTEGER NOT NULL, PRIMARY KEY(branch_code, month)",
            explanation: """
                SELECT p.branch_code, w.withheld_on / 100, SUM(w.local_income_tax) FROM withholding w JOIN payout p USING(payout_no)
                GROUP BY p.branch_code, w.withheld_on / 100
                """),
        LedgerTotal(
            table: "payment_report",
            columns:
                "customer_id TEXT, year INTEGER, payments INTEGER NOT NULL, gross INTEGER NOT NULL, withheld INTEGER NOT NULL, PRIMARY KEY(customer_id, year)",
            explanation: """
                SELECT customer_id, withheld_on / 10000, COUNT(*), SUM(gross), SUM(income_tax + local_income_tax) FROM withholding
                GROUP BY customer_id, withheld_on / 10000
                """),
        LedgerTotal(
            table: "financial_income_year",
            columns: "customer_id TEXT, year INTEGER, income INTEGER NOT NULL, PRIMARY KEY(customer_id, year)",
            explanation: """
                SELECT customer_id, withheld_on / 10000, SUM(gross) FROM withholding GROUP BY customer_id, withheld_on / 10000
                """),
        LedgerTotal(
            table: "account_tax_year",
            columns: "account_id TEXT, year INTEGER, withheld INTEGER NOT NULL, PRIMARY KEY(account_id, year)",
            explanation: """
                SELECT account_id, withheld_on / 10000, SUM(income_tax + local_income_tax) FROM withholding
                GROUP BY account_id, withheld_on / 10000
                """),
        LedgerTotal(
            table: "tax_category_month",
            columns:
                "tax_category TEXT, month INTEGER, payments INTEGER NOT NULL, withheld INTEGER NOT NULL, PRIMARY KEY(tax_category, month)",
            explanation: """
                SELECT tax_category, withheld_on / 100, COUNT(*), SUM(income_tax + local_income_tax) FROM withholding
                GROUP BY tax_category, withheld_on / 100
                """),
        LedgerTotal(
            table: "income_tax_return",
            columns: "month INTEGER PRIMARY KEY, payments INTEGER NOT NULL, gross INTEGER NOT NULL, tax INTEGER NOT NULL",
            explanation: """
                SELECT withheld_on / 100, COUNT(*), SUM(gross), SUM(income_tax) FROM withholding GROUP BY withheld_on / 100
                """),
        LedgerTotal(
            table: "local_tax_return",
            columns: "month INTEGER PRIMARY KEY, payments INTEGER NOT NULL, base INTEGER NOT NULL, tax INTEGER NOT NULL",
            explanation: """
                SELECT withheld_on / 100, COUNT(*), SUM(income_tax), SUM(local_income_tax) FROM withholding GROUP BY withheld_on / 100
                """),
        LedgerTotal(
            table: "branch_tax_day",
            columns: "branch_code TEXT, withheld_on INTEGER, withheld INTEGER NOT NULL, PRIMARY KEY(branch_code, withheld_on)",
            explanation: """
                SELECT p.branch_code, w.withheld_on, SUM(w.income_tax + w.local_income_tax)
                FROM withholding w JOIN payout p USING(payout_no) GROUP BY p.branch_code, w.withheld_on
                """),
    ]

    static let all: [LedgerTotal] = ledger + payment + tax
}
