/// The totals that the tax side moves beyond the general ledger's.
enum TaxAggregates {
    static let all = [
        accountTaxYear, customerTaxYear, categoryMonth, branchTaxMonth, productTaxMonth, districtMonth, remittanceMonth,
        reportYear,
        taxControlDay,
    ]

    static let accountTaxYear = Aggregate(
        "account_tax_year", keys: [("account_id", .text), ("year", .integer)],
        sums: ["records", "gross", "income_tax", "local_tax"],
        definition: """
            SELECT account_id, \(PaymentAggregates.year("business_day")), count(*), sum(gross), sum(income_tax), sum(local_tax)
            FROM withholding GROUP BY 1, 2
            """)

    /// Financial income of a year above 20 million won is taxed comprehensively: this is what it is measured on.
    static let customerTaxYear = Aggregate(
        "customer_tax_year", keys: [("customer_id", .text), ("year", .integer)],
        sums: ["records", "gross", "income_tax", "local_tax"],
        definition: """
            SELECT customer_id, \(PaymentAggregates.year("business_day")), count(*), sum(gross), sum(income_tax), sum(local_tax)
            FROM withholding GROUP BY 1, 2
            """)

    static let categoryMonth = Aggregate(
        "category_tax_month", keys: [("category", .text), ("month", .integer)],
        sums: ["records", "gross", "income_tax", "local_tax"],
        definition: """
            SELECT category, \(PaymentAggregates.month("business_day")), count(*), sum(gross), sum(income_tax), sum(local_tax)
            FROM withholding GROUP BY 1, 2
            """)

    static let branchTaxMonth = Aggregate(
        "branch_tax_month", keys: [("branch", .text), ("month", .integer)], sums: ["records", "income_tax", "local_tax"],
        definition: """
            SELECT branch, \(PaymentAggregates.month("business_day")), count(*), sum(income_tax), sum(local_tax)
            FROM withholding GROUP BY 1, 2
            """)

    static let productTaxMonth = Aggregate(
        "product_tax_month", keys: [("product", .text), ("month", .integer)], sums: ["records", "income_tax", "local_tax"],
        definition: """
            SELECT product, \(PaymentAggregates.month("business_day")), count(*), sum(income_tax), sum(local_tax)
            FROM withholding GROUP BY 1, 2
            """)

    /// Local income tax goes to the district of the branch, collected specially.
    static let districtMonth = Aggregate(
        "district_month", keys: [("branch", .text), ("due_month", .integer)], sums: ["items", "amount"],
        definition: """
            SELECT branch, due_month, count(*), sum(amount) FROM remittance_item WHERE kind = 'LOCAL' GROUP BY 1, 2
            """)

    static let remittanceMonth = Aggregate(
        "remittance_month", keys: [("kind", .text), ("due_month", .integer)], sums: ["items", "amount"],
        definition: "SELECT kind, due_month, count(*), sum(amount) FROM remittance_item GROUP BY 1, 2")

    static let reportYear = Aggregate(
        "report_year", keys: [("customer_id", .text), ("year", .integer), ("category", .text)],
        sums: ["reports", "gross", "withheld"],
        definition: "SELECT customer_id, year, category, count(*), sum(gross), sum(withheld) FROM payment_report GROUP BY 1, 2, 3"
    )

    static let taxControlDay = Aggregate(
        "tax_control_day", keys: [("day", .integer)], sums: ["events", "gross", "income_tax", "local_tax"],
        definition: "SELECT business_day, count(*), sum(gross), sum(income_tax), sum(local_tax) FROM withholding GROUP BY 1")
}
