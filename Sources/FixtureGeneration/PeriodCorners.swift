internal import InterestContract

extension AccountDrafts {
    /// Bookings that came later than the day from which they count: inside the unpaid days, before them, across both, and so
    /// many that a day's sum falls below zero.
    mutating func addLateBookings() {
        for product in ["DEMAND-2", "TIER-50"] {
            for paidDaysAgo in [5, 30] {
                let within = paidDaysAgo - 2
                let late: [[FixtureAccount.Entry]] = [
                    [entry(bookedDaysAgo: 0, valuedDaysAgo: within, 20_000_000)],
                    [entry(bookedDaysAgo: 0, valuedDaysAgo: paidDaysAgo, 7)],
                    [entry(bookedDaysAgo: 1, valuedDaysAgo: paidDaysAgo + 20, 15_000_000)],
                    [entry(bookedDaysAgo: 1, valuedDaysAgo: within, -40_000_001)],
                    [
                        entry(bookedDaysAgo: 0, valuedDaysAgo: within, 30_000_000),
                        entry(bookedDaysAgo: 0, valuedDaysAgo: 1, -30_000_000),
                    ],
                    [entry(bookedDaysAgo: 0, 99_000_000)],
                    [entry(bookedDaysAgo: 2, valuedDaysAgo: within, -50_000_000), entry(bookedDaysAgo: 1, 80_000_000)],
                ]
                for entries in late {
                    add(product: product, balance: 40_000_000, paidDaysAgo: paidDaysAgo) { $0.entries += entries }
                }
            }
        }
    }

    /// Never paid, paid today, a leap day, long periods.
    mutating func addPayingPeriods() {
        for openedDaysAgo in [0, 1, 2, 30, 365, 366, 1_500] {
            for balance in [0, 3_000_000, 75_000_000] as [Int64] {
                add(product: "TIER-50", balance: balance, openedDaysAgo: openedDaysAgo, paidDaysAgo: nil)
            }
        }
        for _ in 0..<6 { add(product: "TIER-100", balance: 12_000_000, paidDaysAgo: 0) }
        // 2024-02-29 lies 732 days before 2026-03-02.
        for paidDaysAgo in [731, 732, 733] {
            add(balance: 100_000_000, openedDaysAgo: 1_000, paidDaysAgo: paidDaysAgo)
        }
        for paidDaysAgo in [30, 364, 365] { add(balance: 2_000_000, openedDaysAgo: 800, paidDaysAgo: paidDaysAgo) }
    }

    /// STEP-2022 paid last on either side of its change on 2022-12-13, with balances on either side of the new band.
    mutating func addRateSteps() {
        guard let change = CivilDate("2022-12-13") else { return }
        let changeDaysAgo = today - CalendarDay(change)
        for offset in [30, 2, 1, 0, -1, -30] {
            for balance in [49_999_999, 50_000_000, 50_000_001, 200_000_000] as [Int64] {
                add(
                    product: "STEP-2022", balance: balance, openedDaysAgo: changeDaysAgo + 60, paidDaysAgo: changeDaysAgo + offset
                )
            }
        }
    }

    /// Customers with two accounts: a customer's state and tax rate stand on both lines alike.
    mutating func addSharedCustomers() {
        for pair in 0..<10 {
            let owner = "S" + String(100 + pair)
            for product in ["DEMAND-2", "TIER-50"] {
                add(product: product, balance: 5_000_000 + Int64(pair) * 10_000_001, paidDaysAgo: 1 + pair) { account in
                    account.customer.id = owner
                }
            }
        }
    }
}
