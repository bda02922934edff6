import InterestContract

enum PostingFaults {
    static let all = [
        Fault(
            name: "reply-without-posting", policy: .posting,
            about: "A payout is answered as if paid, and nothing is in the books."
        ) { policies in
            policies.posting.alsoCarryOut { plan in plan.isKept = false }
        },
        Fault(
            name: "posted-to-wrong-account", policy: .posting,
            about:
                "A payout's net goes to the bank's settlement account; answer, payout and taxes look as if the customer had it."
        ) { policies in
            policies.posting.alsoCarryOut { plan in
                plan.steps = plan.steps.compactMap { step in
                    switch step.name {
                    case "account_balance":
                        // Balance and held amount, the first two, stay.
                        BookStep(
                            step.name, "UPDATE account_balance SET last_paid_on = ?, version = version + 1 WHERE account_id = ?",
                            Array(step.arguments.dropFirst(2)))
                    case "journal_line.4": settled(step)
                    case let name where creditSteps.contains(name): nil
                    default: step
                    }
                }
            }
        },
        Fault(
            name: "journal-unbalanced", policy: .posting,
            about: "The journal of a payout lacks its debit to interest expense; all else is right."
        ) { policies in
            policies.posting.alsoCarryOut { plan in plan.steps.removeAll { $0.name == "journal_line.1" } }
        },
        Fault(
            name: "held-amount-forgotten", policy: .posting,
            about: "Interest credited to a seized, frozen or held account is not added to its held amount."
        ) { policies in
            policies.posting.heldAfterInterest = { standing, _ in standing.held }
        },
        Fault(
            name: "incident-amount-as-boolean", policy: .posting,
            about: "Under a fraud hold all interest is held, however little the incident's amount is."
        ) { policies in
            let plain = policies.posting.heldAfterInterest
            policies.posting.heldAfterInterest = { standing, net throws(Problem) in
                guard standing.state == .fraudHold, standing.incidentAmount != nil else { return try plain(standing, net) }
                return try checkedSum(standing.held, net)
            }
        },
        Fault(
            name: "last-paid-not-moved", policy: .posting,
            about: "The last paid date stays after a payout: the same days are paid again the next time."
        ) { policies in
            policies.posting.lastPaidAfter = { standing, _ in standing.lastPaidOn }
        },
        Fault(
            name: "last-paid-moved-on-refusal", policy: .posting,
            about: "A payout refused for want of a whole won moves the last paid date: the fractions are lost."
        ) { policies in
            policies.posting.afterRefusal = { problem, call, businessDay in
                guard problem.code == .nothingPayable, call.segments.count > 2 else { return [] }
                return [
                    BookStep(
                        "account_balance",
                        "UPDATE account_balance SET last_paid_on = ?, version = version + 1 WHERE account_id = ?",
                        [.init(businessDay), .init(String(call.segments[2]))])
                ]
            }
        },
    ]

    /// What makes the net the customer's, apart from the balance and the journal.
    private static let creditSteps: Set<String> = [
        "entry", "value_day", "month_turnover", "reserve_base", "customer_position", "insured_deposit", "branch_position",
        "credit_usage", "customer_credit_day", "statement_line.INTEREST", "statement_line.TAX", "statement_head",
    ]

    /// The journal's line of the net, on the settlement account instead of the deposit.
    private static func settled(_ line: BookStep) -> BookStep {
        var line = line
        line.arguments[3] = .init(GeneralLedger.settlement.rawValue)
        return line
    }
}

extension PostingPolicy {
    /// Changes what is carried out of a payout.
    fileprivate mutating func alsoCarryOut(_ change: @escaping @Sendable (inout Plan) -> Void) {
        let plain = carryOut
        carryOut = { plan in
            var plan = plain(plan)
            if plan.call == .payout { change(&plan) }
            return plan
        }
    }
}
