enum PostingFaults {
    static let all = [
        Fault(
            name: "reply-without-posting", policy: .posting,
            about: "A payout is answered as if paid, and nothing is in the books."
        ) { policies in
            let plain = policies.posting.carryOut
            policies.posting.carryOut = { plan in
                var plan = plain(plan)
                if plan.call == .payout { plan.isKept = false }
                return plan
            }
        },
        Fault(
            name: "held-amount-forgotten", policy: .posting,
            about: "Interest credited to a seized, frozen or held account is not added to its held amount."
        ) { policies in
            policies.posting.heldAfterInterest = { standing, _ in standing.held }
        },
        Fault(
            name: "last-paid-not-moved", policy: .posting,
            about: "The last paid date stays after a payout: the same days are paid again the next time."
        ) { policies in
            policies.posting.lastPaidAfter = { standing, _ in standing.lastPaidOn }
        },
        Fault(
            name: "idempotency-key-ignored", policy: .posting,
            about: "A repeated request is carried out again instead of answered as the first time."
        ) { policies in
            policies.posting.recall = { _ in nil }
        },
    ]
}
