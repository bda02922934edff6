import InterestContract

/// The bookings that are not payouts: deposits, withdrawals, transfers and the last payment of a closure.
enum MovementSteps {
    /// What each account's leg of a booking does, whatever the other side is. Amount, balance and held amount are the leg's own.
    static let leg: [PayoutStep] = [
        PayoutStep("enter the movement", BookingSQL.entry),
        PayoutStep("move the balance", BookingSQL.balance),
        PayoutStep("move the daily balance", BookingSQL.dailyBalance),
        PayoutStep("print the statement line", BookingSQL.statementLine),
        PayoutStep("turn the passbook", BookingSQL.passbook),
        PayoutStep("post the deposit subledger", BookingSQL.subledger),
        PayoutStep("note the account's activity", BookingSQL.activity),
        PayoutStep("insure the deposit", BookingSQL.insured),
        PayoutStep("move the day's liquidity", BookingSQL.liquidity),
        PayoutStep("move the reserve base", BookingSQL.reserve),
        PayoutStep("audit the channel", BookingSQL.channelAudit),
    ]

    /// Money that comes from or goes to other banks: journal, two lines, ledger, the account's leg.
    static func external(kind: String, isCredit: Bool) -> [PayoutStep] {
        let debit = isCredit ? BookingSQL.settlement : BookingSQL.deposits
        let credit = isCredit ? BookingSQL.deposits : BookingSQL.settlement
        return journal(
            kind: kind, debit: debit, debitAccount: isCredit ? "NULL" : ":account", credit: credit,
            creditAccount: isCredit ? ":account" : "NULL") + leg
    }

    /// One journal for both accounts; the legs follow, each with its own arguments.
    static let transfer: [PayoutStep] = journal(
        kind: "TRANSFER", debit: BookingSQL.deposits, debitAccount: ":account", credit: BookingSQL.deposits,
        creditAccount: ":counterAccount")

    private static func journal(
        kind: String, debit: String, debitAccount: String, credit: String, creditAccount: String
    ) -> [PayoutStep] {
        [
            PayoutStep("take a journal number", BookingSQL.nextNumber("JOURNAL")),
            PayoutStep("open the journal", BookingSQL.journal(kind: kind)),
            PayoutStep(
                "debit", BookingSQL.line(1, gl: debit, account: debitAccount, valuedOn: ":valuedOn", debit: ":won")),
            PayoutStep(
                "credit", BookingSQL.line(2, gl: credit, account: creditAccount, valuedOn: ":valuedOn", credit: ":won")),
            PayoutStep("post the debit", BookingSQL.glAccount(debit, debit: ":won")),
            PayoutStep("post the credit", BookingSQL.glAccount(credit, credit: ":won")),
            PayoutStep("post the day's debit", BookingSQL.glDay(debit, debit: ":won")),
            PayoutStep("post the day's credit", BookingSQL.glDay(credit, credit: ":won")),
            PayoutStep("control the day", BookingSQL.dayControl(amount: ":won")),
        ]
    }

    static let deposit = external(kind: "DEPOSIT", isCredit: true)
    static let withdrawal = external(kind: "WITHDRAWAL", isCredit: false)
    static let closing = external(kind: "CLOSURE", isCredit: false)
    static let close: [PayoutStep] = [
        PayoutStep("take a closure number", BookingSQL.nextNumber("CLOSURE")),
        PayoutStep("close the account", "UPDATE account SET state = 'CLOSED' WHERE account_id = :account"),
        PayoutStep("record the closure", "INSERT INTO closure VALUES(:closure, :account, :date, :amount)"),
    ]
    static let keepAnswer: [PayoutStep] = [PayoutStep("keep the answer under its key", BookingSQL.idempotency)]
}

/// One account's side of a booking.
struct MovementLeg: Sendable {
    let account: AccountRecord
    /// The account's view: a withdrawal is negative.
    let amount: Int64
    let valuedOn: CivilDate
    let balanceAfter: Int64

    init(_ account: AccountRecord, amount: Int64, valuedOn: CivilDate) throws(Problem) {
        let after = account.balance.addingReportingOverflow(amount)
        guard !after.overflow else { throw InterestRules.beyondTheBooks(account.id) }
        self.account = account
        self.amount = amount
        self.valuedOn = valuedOn
        balanceAfter = after.partialValue
    }

    func arguments(journal: Int64, operation: String, channel: Channel, call: Call, counterAccount: String? = nil)
        -> BookArguments
    {
        [
            "account": account.id, "counterAccount": counterAccount, "product": account.product, "journal": journal,
            "date": call.time.date, "valuedOn": valuedOn, "amount": amount, "won": abs(amount),
            "heldAfter": account.heldAmount, "balanceAfter": balanceAfter, "key": call.key ?? "", "channel": channel.rawValue,
            "operation": operation, "mirrored": call.mode == .mirror,
        ]
    }
}
