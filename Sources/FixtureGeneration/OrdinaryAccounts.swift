internal import InterestContract

extension AccountDrafts {
    /// A customer in good standing with a payable account, so that load moves money: some bookings within the last months, now
    /// and then a pot, mostly resident.
    mutating func addOrdinary() {
        let product = random.pick(weighted: [("DEMAND-2", 40), ("TIER-100", 25), ("TIER-50", 25), ("STEP-2022", 10)])
        let category: TaxCategory = random.pick(weighted: [
            (.resident, 84), (.nonResident, 5), (.treaty, 4), (.corporate, 5), (.exempt, 2),
        ])
        let scale = random.pick(weighted: [(1_000_000, 25), (10_000_000, 40), (60_000_000, 25), (300_000_000, 10)])
        let openingBalance = Int64(scale / 2 + random.below(scale))
        let openedDaysAgo = random.within(120...1_000)
        let paidDaysAgo = random.chance(percent: 80) ? random.within(1...10) : random.within(11...60)
        let bookings = (0..<random.pick(weighted: [(0, 45), (1, 30), (2, 15), (3, 10)])).map { _ in
            let bookedDaysAgo = random.within(0...100)
            let lateBy = random.chance(percent: 10) ? random.within(1...5) : 0
            // Withdrawals stay below an eighth of the opening balance, so that none of these accounts runs dry.
            let amount = random.chance(percent: 60) ? random.within(1...scale / 4) : -random.within(1...scale / 16)
            return entry(bookedDaysAgo: bookedDaysAgo, valuedDaysAgo: bookedDaysAgo + lateBy, Int64(amount))
        }
        let potBalance = random.chance(percent: 15) ? Int64(random.within(0...scale)) : nil
        let treatyPpm = category == .treaty ? random.pick([50_000, 100_000, 120_000, 150_000] as [Int64]) : nil
        add(product: product, balance: openingBalance, openedDaysAgo: openedDaysAgo, paidDaysAgo: paidDaysAgo) { account in
            account.customer.taxCategory = category
            account.customer.treatyPpm = treatyPpm
            account.entries += bookings.sorted { ($0.bookedOn, $0.valuedOn) < ($1.bookedOn, $1.valuedOn) }
            if let potBalance { account.pots = [.init(id: "P1", balance: potBalance)] }
        }
    }
}
