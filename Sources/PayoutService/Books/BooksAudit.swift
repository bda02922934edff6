/// Proves the books against themselves: every total against its facts, every fact against the others of its transaction.
///
/// A statement left out of a transaction, or done twice, shows as at least one complaint.
enum BooksAudit {
    /// What is to be checked, in words, and a query that counts what breaks it.
    struct Check: Sendable {
        var name: String
        var count: String
    }

    static let checks = totals + payoutFacts + payoutAmounts + balances + journals + taxFacts

    /// The names of the checks that fail, with the number of rows; empty if the books are clean.
    static func complaints(_ books: any BookConnection) throws -> [String] {
        try checks.compactMap { check in
            let count = try books.rows(check.count).first?.integer(0) ?? 0
            return count == 0 ? nil : "\(check.name): \(count)"
        }
    }

    private static let totals = (PaymentAggregates.all + TaxAggregates.all).map { aggregate in
        let columns = (aggregate.keys.map(\.name) + aggregate.sums).joined(separator: ", ")
        let kept = "SELECT \(columns) FROM \(aggregate.table)"
        let counted = "SELECT * FROM (\(aggregate.definition)) AS counted"
        return Check(
            name: "\(aggregate.table) differs from its facts",
            count:
                "SELECT (SELECT count(*) FROM (\(kept) EXCEPT \(counted)) AS l) + (SELECT count(*) FROM (\(counted) EXCEPT \(kept)) AS r)"
        )
    }

    /// Each row of `spine` has exactly `count` rows in `table` with the same key, and none stands there without it.
    private static func each(
        _ spine: String, _ key: String, has count: Int = 1, in table: String, by column: String, where condition: String = "true"
    ) -> [Check] {
        [
            Check(
                name: "\(spine) without its \(count) in \(table)",
                count: """
                    SELECT count(*) FROM \(spine) s WHERE \(count) <>
                    (SELECT count(*) FROM \(table) t WHERE t.\(column) = s.\(key) AND \(condition))
                    """),
            Check(
                name: "\(table) without its \(spine)",
                count: """
                    SELECT count(*) FROM \(table) t WHERE \(condition) AND NOT EXISTS
                    (SELECT 1 FROM \(spine) s WHERE s.\(key) = t.\(column))
                    """),
        ]
    }

    private static let payoutFacts: [Check] = {
        var checks: [Check] = []
        for table in ["payout_claim", "payout_period", "interest_basis", "payout_tax", "accrual", "decision", "hold_movement"] {
            checks += each("payout", "payout_id", in: table, by: "payout_id")
        }
        for table in ["journal", "entry", "account_event"] {
            checks += each("payout", "payout_id", in: table, by: "reference", where: "t.kind = 'PAYOUT'")
        }
        checks += each(
            "payout", "payout_id", has: 2, in: "statement_line", by: "reference", where: "t.kind IN ('INTEREST', 'TAX')")
        checks += each("payout", "payout_id", in: "channel_audit", by: "reference", where: "t.operation = 'PAYOUT'")
        checks += each("payout", "payout_id", in: "notice", by: "reference", where: "t.kind = 'INTEREST_PAID'")
        checks += each("payout", "payout_id", in: "tax_outbox", by: "event_id")
        checks.append(
            Check(
                name: "payout without the answer under its idempotency key",
                count: """
                    SELECT count(*) FROM payout s WHERE origin = 'PAYOUT' AND payout_id NOT IN (SELECT reference FROM idempotency)
                    """))
        return checks
    }()

    private static let payoutAmounts = [
        Check(
            name: "payout whose gross is not net and taxes",
            count: """
                SELECT count(*) FROM payout JOIN payout_tax USING (payout_id) WHERE gross <> net + income_tax + local_tax
                """),
        Check(
            name: "payout whose entry, accrual or hold has another amount",
            count: """
                SELECT count(*) FROM payout p JOIN entry e ON e.reference = p.payout_id AND e.kind = 'PAYOUT'
                JOIN accrual a USING (payout_id) JOIN interest_basis i USING (payout_id)
                JOIN balance_history b ON b.reference = p.payout_id JOIN hold_movement h USING (payout_id)
                WHERE e.amount <> p.net OR a.amount <> p.gross OR i.gross <> p.gross OR b.balance_after - b.balance_before <> p.net
                OR h.held_before <> b.held_before OR h.held_after <> b.held_after
                """),
        Check(
            name: "payout for days that its period does not hold",
            count: """
                SELECT count(*) FROM payout JOIN payout_period USING (payout_id)
                WHERE days <> to_day - from_day + 1 OR to_day <> business_day - 1
                """),
        Check(
            name: "account whose last paid date is not its last payout's",
            count: """
                SELECT count(*) FROM account_balance b WHERE EXISTS (SELECT 1 FROM payout p WHERE p.account_id = b.account_id)
                AND last_paid_on IS DISTINCT FROM (SELECT max(business_day) FROM payout p WHERE p.account_id = b.account_id)
                """),
    ]

    private static let balances = [
        Check(
            name: "balance differs from the entries",
            count: """
                SELECT count(*) FROM account_balance b WHERE balance <>
                (SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.account_id = b.account_id)
                """),
        Check(
            name: "balance differs from the journals",
            count: """
                SELECT count(*) FROM account_balance b WHERE balance <> (SELECT coalesce(sum(credit - debit), 0)
                FROM journal_line l WHERE l.account_id = b.account_id AND l.gl = 2100)
                """),
        Check(
            name: "balance differs from the statement",
            count: """
                SELECT count(*) FROM account_balance b WHERE balance <>
                (SELECT coalesce(sum(amount), 0) FROM statement_line s WHERE s.account_id = b.account_id)
                """),
        Check(
            name: "balance differs from its history",
            count: """
                SELECT count(*) FROM balance_history h JOIN account_balance b USING (account_id)
                WHERE h.version = (SELECT max(version) FROM balance_history l WHERE l.account_id = h.account_id)
                AND (h.balance_after <> b.balance OR h.held_after <> b.held)
                """),
        Check(
            name: "version differs from the account's events",
            count: """
                SELECT count(*) FROM account_balance b WHERE version <>
                (SELECT coalesce(max(version), 0) FROM account_event e WHERE e.account_id = b.account_id)
                """),
        Check(
            name: "event without a balance history, or the other way round",
            count: """
                SELECT (SELECT count(*) FROM account_event e WHERE kind <> 'STATUS' AND NOT EXISTS (SELECT 1 FROM balance_history h
                    WHERE h.account_id = e.account_id AND h.version = e.version AND h.reference = e.reference))
                + (SELECT count(*) FROM balance_history h WHERE NOT EXISTS (SELECT 1 FROM account_event e
                    WHERE h.account_id = e.account_id AND h.version = e.version AND h.reference = e.reference))
                """),
        Check(
            name: "event without a channel's record, or the other way round",
            count: """
                SELECT (SELECT count(*) FROM account_event e WHERE kind <> 'STATUS' AND 1 <> (SELECT count(*) FROM channel_audit c
                    WHERE c.account_id = e.account_id AND c.reference = e.reference))
                + (SELECT count(*) FROM channel_audit c WHERE NOT EXISTS (SELECT 1 FROM account_event e
                    WHERE c.account_id = e.account_id AND c.reference = e.reference))
                """),
        Check(
            name: "statement with a line missing",
            count: """
                SELECT count(*) FROM (SELECT account_id FROM statement_line GROUP BY 1
                HAVING max(line_no) <> count(*) OR min(line_no) <> 1) AS s
                """),
        Check(
            name: "closure that its account or entry does not show",
            count: """
                SELECT count(*) FROM closure c WHERE paid_out > 0 AND NOT EXISTS (SELECT 1 FROM entry e
                WHERE e.reference = c.closure_id AND e.account_id = c.account_id AND e.amount = -c.paid_out)
                """),
    ]

    private static let journals = [
        Check(
            name: "journal whose debits are not its credits",
            count: """
                SELECT count(*) FROM (SELECT journal_id FROM journal_line GROUP BY 1 HAVING sum(debit) <> sum(credit)) AS j
                """),
        Check(
            name: "journal with a line missing",
            count: """
                SELECT count(*) FROM journal j WHERE (SELECT count(*) FROM journal_line l WHERE l.journal_id = j.journal_id)
                <> CASE kind WHEN 'PAYOUT' THEN 5 WHEN 'TAX' THEN 4 ELSE 2 END
                """),
        Check(
            name: "journal line without its journal",
            count: "SELECT count(*) FROM journal_line WHERE journal_id NOT IN (SELECT journal_id FROM journal)"),
        Check(
            name: "entry without its journal, or the other way round",
            count: """
                SELECT (SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM journal j
                    WHERE j.account_id = e.account_id AND j.reference = e.reference AND j.kind = e.kind))
                + (SELECT count(*) FROM journal j WHERE kind <> 'TAX' AND NOT EXISTS (SELECT 1 FROM entry e
                    WHERE j.account_id = e.account_id AND j.reference = e.reference AND j.kind = e.kind))
                """),
    ]

    private static let taxFacts: [Check] = {
        var checks: [Check] = []
        for table in ["withholding", "payment_report", "certificate", "tax_statement_line", "tax_audit"] {
            checks += each("tax_inbox", "event_id", in: table, by: "event_id")
        }
        for table in ["tax_payable", "remittance_item"] {
            checks += each("tax_inbox", "event_id", has: 2, in: table, by: "event_id")
        }
        checks += each("tax_inbox", "event_id", in: "journal", by: "reference", where: "t.kind = 'TAX'")
        checks.append(
            Check(
                name: "event that counts as done and was not booked",
                count: """
                    SELECT count(*) FROM tax_outbox WHERE state = 'DONE' AND event_id NOT IN (SELECT event_id FROM tax_inbox)
                    """))
        checks.append(
            Check(
                name: "taxes booked that were not those of the payout",
                count: """
                    SELECT count(*) FROM withholding w LEFT JOIN payout_tax t USING (payout_id)
                    WHERE t.payout_id IS NULL OR w.income_tax <> t.income_tax OR w.local_tax <> t.local_tax
                    """))
        checks.append(
            Check(
                name: "dead event without its letter, or the other way round",
                count: """
                    SELECT (SELECT count(*) FROM tax_outbox
                        WHERE state = 'DEAD' AND event_id NOT IN (SELECT event_id FROM tax_dead_letter))
                    + (SELECT count(*) FROM tax_dead_letter
                        WHERE event_id NOT IN (SELECT event_id FROM tax_outbox WHERE state = 'DEAD'))
                    """))
        return checks
    }()
}
