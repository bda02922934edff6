internal import InterestContract

/// The accounts of a file under construction: hands out ids and keeps the generator.
struct AccountDrafts {
    /// Nothing in the file lies after this day.
    let today: CalendarDay
    var random: SeededGenerator
    private(set) var accounts: [FixtureAccount] = []

    init(today: CalendarDay, seed: UInt64) {
        self.today = today
        random = SeededGenerator(seed: seed)
    }

    var yesterday: CalendarDay { today - 1 }

    /// An open account of an ordinary resident that was paid yesterday and holds `balance`, booked on the opening day.
    /// `change` makes it what is wanted.
    mutating func add(
        product: String = "DEMAND-2", balance: Int64, openedDaysAgo: Int = 400, paidDaysAgo: Int? = 1,
        _ change: (inout FixtureAccount) -> Void = { _ in }
    ) {
        let serial = accounts.count + 1
        let opened = today - openedDaysAgo
        var account = FixtureAccount(
            customer: .init(id: "C" + padded(serial, to: 6)),
            id: "1000-" + padded(serial / 10_000, to: 4) + "-" + padded(serial % 10_000, to: 4),
            product: product, openedOn: opened.date, lastPaidOn: paidDaysAgo.map { (today - $0).date },
            entries: balance == 0 ? [] : [.init(bookedOn: opened.date, valuedOn: opened.date, amount: balance)])
        change(&account)
        accounts.append(account)
    }

    /// The booking of a day, earning from that day or from an earlier one.
    func entry(bookedDaysAgo: Int, valuedDaysAgo: Int? = nil, _ amount: Int64) -> FixtureAccount.Entry {
        .init(bookedOn: (today - bookedDaysAgo).date, valuedOn: (today - (valuedDaysAgo ?? bookedDaysAgo)).date, amount: amount)
    }

    private func padded(_ value: Int, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
