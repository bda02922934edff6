import Foundation
import InterestContract

/// The fixture line of an account as it stood just before a call, from the line it started with and the journal it has now.
///
/// The journal only says what was booked. Where the call stands in it is told by the balance that the legacy side answered; a
/// reader's call stands after everything booked before its day. Whoever uses the line checks it: the fresh legacy service must
/// answer as the live one did.
struct FixtureReconstruction {
    var start: FixtureAccount
    var bookings: [Booking]

    /// - Parameters:
    ///   - date: the call's business date in Korea.
    ///   - balance: just before the call; nil when the answer does not tell.
    func before(date: CivilDate, balance: Int64?) -> FixtureAccount {
        let kept = bookings.prefix(cut(date: date, balance: balance))
        var account = start
        account.entries = kept.map {
            FixtureAccount.Entry(bookedOn: $0.bookedOn, valuedOn: $0.valuedOn, amount: $0.amount)
        }
        for payout in kept where payout.kind == "PAYOUT" {
            account.lastPaidOn = payout.bookedOn
            account.heldAmount = held(account, after: payout.amount)
        }
        return account
    }

    private func cut(date: CivilDate, balance: Int64?) -> Int {
        var running: Int64 = 0
        var balances: [Int64] = [0]
        for booking in bookings {
            running += booking.amount
            balances.append(running)
        }
        let earlier = bookings.lastIndex { $0.bookedOn < date }.map { $0 + 1 } ?? 0
        let latest = bookings.lastIndex { $0.bookedOn <= date }.map { $0 + 1 } ?? 0
        guard let balance else {
            // Up to the day's own payout, after which the answer would be another.
            let payout = bookings.firstIndex { $0.bookedOn == date && ["PAYOUT", "CLOSURE"].contains($0.kind) }
            return max(earlier, min(payout ?? latest, latest))
        }
        return (earlier...max(earlier, latest)).last { balances[$0] == balance } ?? earlier
    }

    /// What a payout does to the held amount.
    private func held(_ account: FixtureAccount, after net: Int64) -> Int64 {
        if account.state == .seized || account.withdrawalFreeze { return account.heldAmount + net }
        if account.state == .fraudHold, let incident = account.incidentAmount {
            return max(account.heldAmount, min(account.heldAmount + net, incident))
        }
        return account.heldAmount
    }
}
