import InterestContract

/// What of a balance the customer may not take.
enum HeldAmount {
    /// The held amount after a payout of `net`: all of it is held on a seized account or one frozen for withdrawals; under a fraud hold
    /// alone, up to the incident's amount. Nil beyond 64 bits.
    static func after(payout net: Int64, of account: AccountRecord) -> Int64? {
        let held = Int128(account.heldAmount)
        if account.state == .seized || account.withdrawalFreeze { return Int64(exactly: held + Int128(net)) }
        if account.state == .fraudHold {
            return Int64(exactly: max(held, min(held + Int128(net), Int128(account.incidentAmount ?? 0))))
        }
        return account.heldAmount
    }
}
