internal import InterestContract

extension AccountDrafts {
    private static let products = ["DEMAND-2", "TIER-100", "TIER-50", "STEP-2022"]

    /// Every customer state × account state × freezes, with a payable balance (none where the account is closed).
    mutating func addStates() {
        let closedOn = (today - 8).date
        let paidOut = entry(bookedDaysAgo: 8, -30_000_000)
        var product = 0
        for customerState in CustomerState.allCases {
            for state in AccountState.allCases {
                for (depositFreeze, withdrawalFreeze) in [(false, false), (true, false), (false, true), (true, true)] {
                    product += 1
                    add(product: Self.products[product % 4], balance: 30_000_000, paidDaysAgo: 1 + product % 7) { account in
                        account.customer.state = customerState
                        account.state = state
                        account.depositFreeze = depositFreeze
                        account.withdrawalFreeze = withdrawalFreeze
                        if state == .fraudHold {
                            account.incidentAmount = 5_000_000
                            account.heldAmount = 4_000_000
                        }
                        if state == .seized { account.heldAmount = 30_000_000 }
                        if state == .closed {
                            account.entries.append(paidOut)
                            account.lastPaidOn = closedOn
                        }
                    }
                }
            }
        }
    }

    /// FRAUD_HOLD: the incident amount on every side of what is held and of what a payout would add. 10 million at 2 % for one
    /// day is 547 won gross, 70 of tax, 477 net.
    mutating func addIncidents() {
        let held: Int64 = 1_000_000
        let incidents = [0, 1, held - 1, held, held + 1, held + 476, held + 477, held + 478, 10_000_000, 50_000_000]
        for withdrawalFreeze in [false, true] {
            for incident in incidents {
                add(balance: 10_000_000) { account in
                    account.state = .fraudHold
                    account.withdrawalFreeze = withdrawalFreeze
                    account.heldAmount = held
                    account.incidentAmount = incident
                }
            }
        }
    }

    /// Held amounts below, at and above the balance, on accounts that are otherwise free, frozen or seized.
    mutating func addHolds() {
        for held in [1, 9_999_999, 10_000_000, 10_000_001, 25_000_000] as [Int64] {
            for kind in 0..<3 {
                add(product: "TIER-50", balance: 10_000_000, paidDaysAgo: 2) { account in
                    account.heldAmount = held
                    account.withdrawalFreeze = kind == 1
                    if kind == 2 { account.state = .seized }
                }
            }
        }
    }
}
