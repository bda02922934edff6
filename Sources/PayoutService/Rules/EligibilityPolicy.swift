import InterestContract

/// What a call does to one account; a transfer is a withdrawal from one and a deposit to the other.
enum Role: Sendable, Hashable, CaseIterable {
    case pay, deposit, withdrawal, closure
}

/// One account of a call, as the checks see it.
struct CheckSubject: Sendable {
    var standing: Standing
    var role: Role
    var businessDay: Day
    /// Of a withdrawal; 0 otherwise.
    var amount: Int64 = 0
    /// Known to the checks of amounts only.
    var interest: InterestQuote?
}

/// One row of the rules' ordered list.
struct EligibilityCheck: Sendable {
    var name: String
    var roles: Set<Role>
    /// Rows 13 … 15 look at amounts, which are computed only when all rows of standing have passed.
    var looksAtAmounts = false
    var refusal: @Sendable (CheckSubject) -> Problem?
}

/// What may happen: the rows 5 … 15, in order; the first that fails answers.
struct EligibilityPolicy: Sendable {
    var checks: [EligibilityCheck]

    static let plain = EligibilityPolicy(checks: standingChecks + amountChecks)

    /// Row by row, and within a row subject by subject: a transfer names its paying side first.
    func check(_ subjects: [CheckSubject], amounts: Bool) throws(Problem) {
        for check in checks where check.looksAtAmounts == amounts {
            for subject in subjects where check.roles.contains(subject.role) {
                if let problem = check.refusal(subject) { throw problem }
            }
        }
    }

    private static let standingChecks: [EligibilityCheck] = [
        EligibilityCheck(name: "customer-state", roles: Set(Role.allCases)) { subject in
            switch subject.standing.customerState {
            case .normal: nil
            case .deceased: Problem(.customerDeceased, "the customer of \(subject.standing.accountId) is registered as deceased")
            case .identityTheft:
                Problem(.customerIdentityTheft, "the customer of \(subject.standing.accountId) reported identity theft")
            case .kycExpired:
                Problem(.customerKycExpired, "the customer of \(subject.standing.accountId) must be identified again")
            }
        },
        EligibilityCheck(name: "account-state", roles: Set(Role.allCases)) { subject in
            switch subject.standing.state {
            case .closed: Problem(.accountClosed, "account \(subject.standing.accountId) is closed")
            case .dormant: Problem(.accountDormant, "account \(subject.standing.accountId) is dormant")
            case .suspended: Problem(.accountSuspended, "account \(subject.standing.accountId) is suspended")
            case .active, .seized, .fraudHold: nil
            }
        },
        EligibilityCheck(name: "deposit-freeze", roles: [.pay, .deposit, .closure]) { subject in
            subject.standing.depositFreeze
                ? Problem(.depositFrozen, "account \(subject.standing.accountId) is frozen for deposits") : nil
        },
        EligibilityCheck(name: "seizure", roles: [.withdrawal, .closure]) { subject in
            subject.standing.state == .seized
                ? Problem(.accountSeized, "account \(subject.standing.accountId) is seized") : nil
        },
        EligibilityCheck(name: "withdrawal-freeze", roles: [.withdrawal, .closure]) { subject in
            subject.standing.withdrawalFreeze
                ? Problem(.withdrawalFrozen, "account \(subject.standing.accountId) is frozen for withdrawals") : nil
        },
        EligibilityCheck(name: "fraud-hold", roles: [.closure]) { subject in
            subject.standing.state == .fraudHold
                ? Problem(.accountFraudHold, "account \(subject.standing.accountId) is held for suspected fraud") : nil
        },
        EligibilityCheck(name: "paid-today", roles: [.pay]) { subject in
            subject.standing.lastPaidOn == subject.businessDay
                ? Problem(.alreadyPaidToday, "account \(subject.standing.accountId) has its interest of today") : nil
        },
        EligibilityCheck(name: "date-in-past", roles: [.pay, .closure]) { subject in
            subject.businessDay < (subject.standing.lastPaidOn ?? subject.standing.openedOn)
                ? Problem(.businessDateInPast, "account \(subject.standing.accountId) has booked interest later than this date")
                : nil
        },
    ]

    private static let amountChecks: [EligibilityCheck] = [
        EligibilityCheck(name: "nothing-payable", roles: [.pay], looksAtAmounts: true) { subject in
            (subject.interest?.gross ?? 0) < 1
                ? Problem(.nothingPayable, "account \(subject.standing.accountId) has earned less than one won") : nil
        },
        EligibilityCheck(name: "pots-empty", roles: [.closure], looksAtAmounts: true) { subject in
            subject.standing.pots != 0
                ? Problem(.potsNotEmpty, "account \(subject.standing.accountId) has money in its pots") : nil
        },
        EligibilityCheck(name: "nothing-held", roles: [.closure], looksAtAmounts: true) { subject in
            subject.standing.held > 0 ? Problem(.fundsHeld, "account \(subject.standing.accountId) has held funds") : nil
        },
        EligibilityCheck(name: "not-negative", roles: [.closure], looksAtAmounts: true) { subject in
            Int128(subject.standing.balance) + Int128(subject.interest?.net ?? 0) < 0
                ? Problem(.negativeBalance, "account \(subject.standing.accountId) is below zero, interest included") : nil
        },
        EligibilityCheck(name: "funds", roles: [.withdrawal], looksAtAmounts: true) { subject in
            Int128(subject.amount) > Int128(subject.standing.balance) - Int128(subject.standing.held)
                ? Problem(.insufficientFunds, "account \(subject.standing.accountId) has less available than the amount") : nil
        },
    ]
}
