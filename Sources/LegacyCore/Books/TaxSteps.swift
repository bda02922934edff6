extension PayoutStep {
    /// The 30 statements of the tax: what was withheld is split, owed to the state and the municipality, reported and certified.
    static let tax: [PayoutStep] = papers + ledger + returns

    /// Payment and tax, in one transaction.
    static let payout: [PayoutStep] = payment + tax

    private static let papers: [PayoutStep] = [
        PayoutStep("take the tax journal's number", BookingSQL.nextNumber("JOURNAL")),
        PayoutStep("take a withholding number", BookingSQL.nextNumber("WITHHOLDING")),
        PayoutStep(
            "record the withholding",
            """
            INSERT INTO withholding VALUES(:withholding, :payout, :account, :customer, :category, :gross, :incomeTax,
                :localIncomeTax, :date)
            """),
        PayoutStep("compute the income tax", "INSERT INTO income_tax_line VALUES(:withholding, :gross, :incomePpm, :incomeTax)"),
        PayoutStep(
            "compute the local income tax",
            "INSERT INTO local_tax_line VALUES(:withholding, :incomeTax, :localPpm, :localIncomeTax)"),
        PayoutStep(
            "keep the tax rule applied",
            "INSERT INTO tax_rule_applied VALUES(:withholding, :category, :treatyPpm, 'truncated to 10 won')"),
        PayoutStep(
            "issue the withholding certificate",
            "INSERT INTO withholding_certificate VALUES(:withholding, :customer, :date, :gross, :withheld)"),
        PayoutStep(
            "queue the tax notice",
            "INSERT INTO tax_notice_queue VALUES(:withholding, :incomeTax, :localIncomeTax, :authoritative)"),
        PayoutStep("leave the tax trail", "INSERT INTO tax_trail VALUES(:withholding, :taxJournal, :withheld, :at)"),
    ]

    private static let ledger: [PayoutStep] = [
        PayoutStep("open the tax journal", BookingSQL.journal(":taxJournal", kind: "TAX")),
        PayoutStep("debit tax withheld", BookingSQL.line(1, of: ":taxJournal", gl: BookingSQL.withheld, debit: ":withheld")),
        PayoutStep(
            "credit income tax payable",
            BookingSQL.line(2, of: ":taxJournal", gl: BookingSQL.incomeTaxPayable, credit: ":incomeTax")),
        PayoutStep(
            "credit local income tax payable",
            BookingSQL.line(3, of: ":taxJournal", gl: BookingSQL.localTaxPayable, credit: ":localIncomeTax")),
        PayoutStep("post tax split", BookingSQL.glAccount(BookingSQL.withheld, debit: ":withheld")),
        PayoutStep("post income tax payable", BookingSQL.glAccount(BookingSQL.incomeTaxPayable, credit: ":incomeTax")),
        PayoutStep("post local income tax payable", BookingSQL.glAccount(BookingSQL.localTaxPayable, credit: ":localIncomeTax")),
        PayoutStep("post the day's tax split", BookingSQL.glDay(BookingSQL.withheld, debit: ":withheld")),
        PayoutStep("post the day's income tax", BookingSQL.glDay(BookingSQL.incomeTaxPayable, credit: ":incomeTax")),
        PayoutStep("post the day's local income tax", BookingSQL.glDay(BookingSQL.localTaxPayable, credit: ":localIncomeTax")),
        PayoutStep("control the day's taxes", BookingSQL.dayControl(isTax: 1, amount: ":withheld")),
    ]

    private static let returns: [PayoutStep] = [
        PayoutStep(
            "owe the income tax",
            BookingSQL.total("income_tax_payable", key: "month", ":month, :incomeTax", adding: ["tax"])),
        PayoutStep(
            "owe the local income tax",
            BookingSQL.total("local_tax_payable", key: "branch_code, month", ":branch, :month, :localIncomeTax", adding: ["tax"])),
        PayoutStep(
            "total the payment report",
            BookingSQL.total(
                "payment_report", key: "customer_id, year", ":customer, :year, 1, :gross, :withheld",
                adding: ["payments", "gross", "withheld"])),
        PayoutStep(
            "write the payment report's line",
            """
            INSERT INTO payment_report_line VALUES(:withholding, :customer, :year, :gross, :incomeTax, :localIncomeTax)
            """),
        PayoutStep(
            "total the year's financial income",
            BookingSQL.total("financial_income_year", key: "customer_id, year", ":customer, :year, :gross", adding: ["income"])),
        PayoutStep(
            "total the account's taxes",
            BookingSQL.total("account_tax_year", key: "account_id, year", ":account, :year, :withheld", adding: ["withheld"])),
        PayoutStep(
            "total the tax category",
            BookingSQL.total(
                "tax_category_month", key: "tax_category, month", ":category, :month, 1, :withheld",
                adding: ["payments", "withheld"])),
        PayoutStep(
            "prepare the income tax return",
            BookingSQL.total(
                "income_tax_return", key: "month", ":month, 1, :gross, :incomeTax", adding: ["payments", "gross", "tax"])),
        PayoutStep(
            "prepare the local tax return",
            BookingSQL.total(
                "local_tax_return", key: "month", ":month, 1, :incomeTax, :localIncomeTax", adding: ["payments", "base", "tax"])),
        PayoutStep(
            "total the branch's taxes",
            BookingSQL.total("branch_tax_day", key: "branch_code, withheld_on", ":branch, :date, :withheld", adding: ["withheld"])
        ),
    ]
}
