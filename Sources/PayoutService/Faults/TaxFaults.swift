import InterestContract

enum TaxFaults {
    static let all = [
        Fault(
            name: "tax-on-combined-rate", policy: .tax,
            about: "Income and local tax are taken as one rate (15.4 % for residents), floored once, and split afterwards."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { gross, category, treatyPpm in
                let tax = plain(gross, category, treatyPpm)
                let incomePpm: Int64
                switch category {
                case .resident: incomePpm = 140_000
                case .nonResident: incomePpm = 200_000
                case .corporate where tax.income > 0: incomePpm = 140_000
                case .corporate, .treaty, .exempt: return tax
                }
                return Tax(income: tax.income, local: TaxPolicy.share(gross, ppm: incomePpm + incomePpm / 10) - tax.income)
            }
        }
    ]
}
