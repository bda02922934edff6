import InterestContract

enum TaxFaults {
    static let all = [
        Fault(
            name: "tax-on-combined-rate", policy: .tax,
            about: "Income and local tax are taken as one rate (15.4 % for residents), floored once, and split afterwards."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, category, treatyPpm in
                let tax = plain(interest, category, treatyPpm)
                let incomePpm: Int64
                switch category {
                case .resident: incomePpm = 140_000
                case .nonResident: incomePpm = 200_000
                case .corporate where tax.income > 0: incomePpm = 140_000
                case .corporate, .treaty, .exempt: return tax
                }
                let both = TaxPolicy.share(interest.gross, ppm: incomePpm + incomePpm / 10)
                return Tax(income: tax.income, local: both - tax.income)
            }
        },
        Fault(
            name: "tax-before-the-floor", policy: .tax,
            about: "Income tax is taken from the interest before its fraction of a won is dropped."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, category, treatyPpm in
                func share(_ ppm: Int64) -> Int64 {
                    let won = interest.wonPpmDays * Int128(ppm) / (InterestPolicy.divisor * 1_000_000)
                    return Int64(clamping: won / 10 * 10)
                }
                return switch category {
                case .resident: TaxPolicy.withLocalTax(share(140_000))
                case .nonResident: TaxPolicy.withLocalTax(share(200_000))
                case .treaty: Tax(income: share(treatyPpm ?? 0), local: 0)
                case .corporate: TaxPolicy.withLocalTax(TaxPolicy.exemptBelow1000(share(140_000)))
                case .exempt: plain(interest, category, treatyPpm)
                }
            }
        },
        Fault(
            name: "small-tax-spared-for-residents", policy: .tax,
            about: "Income tax below 1 000 won is not withheld from residents, as if they were corporations."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, category, treatyPpm in
                plain(interest, category == .resident ? .corporate : category, treatyPpm)
            }
        },
        Fault(
            name: "small-tax-taken-from-corporates", policy: .tax,
            about: "Income tax below 1 000 won is withheld from corporations, as if they were residents."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, category, treatyPpm in
                plain(interest, category == .corporate ? .resident : category, treatyPpm)
            }
        },
        Fault(
            name: "treaty-without-rate", policy: .tax,
            about:
                "The rate of a customer's treaty is not looked up: 20 % and the local tax are withheld, as from any non-resident."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, category, treatyPpm in
                plain(interest, category == .treaty ? .nonResident : category, treatyPpm)
            }
        },
        Fault(
            name: "tax-category-ignored", policy: .tax, about: "Every customer is taxed as a resident."
        ) { policies in
            let plain = policies.tax.assess
            policies.tax.assess = { interest, _, treatyPpm in plain(interest, .resident, treatyPpm) }
        },
    ]
}
