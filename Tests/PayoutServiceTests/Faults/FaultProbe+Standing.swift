import InterestContract

/// States and freezes: who is paid, and who may take out.
extension FaultProbe {
    static let standing = [
        FaultProbe(
            "deposit-freeze-ignored", thousandADay { $0.depositFreeze = true }, plain: "DEPOSIT_FROZEN", faulty: "1000 0 0"),
        FaultProbe(
            "withdrawal-freeze-ignored", thousandADay { $0.withdrawalFreeze = true }, plain: "WITHDRAWAL_FROZEN", faulty: "201",
            ask: withdrawal),
        FaultProbe(
            "seizure-ignored", thousandADay { $0.state = .seized }, plain: "ACCOUNT_SEIZED", faulty: "201", ask: withdrawal),
        FaultProbe(
            "withdrawal-freeze-refuses-credit", thousandADay { $0.withdrawalFreeze = true }, plain: "1000 0 0",
            faulty: "WITHDRAWAL_FROZEN"),
        FaultProbe(
            "deceased-paid", thousandADay { $0.customer.state = .deceased }, plain: "CUSTOMER_DECEASED", faulty: "1000 0 0"),
        FaultProbe("dormant-accrues", thousandADay { $0.state = .dormant }, plain: "ACCOUNT_DORMANT", faulty: "1000 0 0"),
        FaultProbe("suspended-paid", thousandADay { $0.state = .suspended }, plain: "ACCOUNT_SUSPENDED", faulty: "1000 0 0"),
        FaultProbe(
            "order-of-checks-swapped",
            thousandADay {
                $0.customer.state = .deceased
                $0.state = .dormant
            }, plain: "CUSTOMER_DECEASED", faulty: "ACCOUNT_DORMANT"),
    ]

    private static let withdrawal: @Sendable (Bank) async throws -> String = { outcome(try await $0.transact(.withdrawal, 5)) }
}
