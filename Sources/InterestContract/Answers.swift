/// The days of an interest calculation: both ends are included.
public struct WirePeriod: Sendable, Hashable {
    public var from: CivilDate
    public var to: CivilDate
    public var days: Int64

    public init(from: CivilDate, to: CivilDate, days: Int64) {
        self.from = from
        self.to = to
        self.days = days
    }
}

/// An answer of the contract that can be put on the wire. Money is whole won.
public protocol WireAnswer: Sendable {
    /// The HTTP status of this answer.
    static var status: Int { get }
    /// The body, with its members in the contract's order.
    var json: [UInt8] { get }
}

/// `GET /v1/accounts/{id}` and the answer to a status call.
public struct AccountAnswer: WireAnswer, Hashable {
    public static let status = 200
    public var accountId: String
    public var balance: Int64
    public var heldAmount: Int64
    public var lastPaidOn: CivilDate?
    public var state: AccountState
    public var depositFreeze: Bool
    public var withdrawalFreeze: Bool
    public var incidentAmount: Int64?
    public var customerState: CustomerState

    public init(
        accountId: String, balance: Int64, heldAmount: Int64, lastPaidOn: CivilDate?, state: AccountState, depositFreeze: Bool,
        withdrawalFreeze: Bool, incidentAmount: Int64?, customerState: CustomerState
    ) {
        self.accountId = accountId
        self.balance = balance
        self.heldAmount = heldAmount
        self.lastPaidOn = lastPaidOn
        self.state = state
        self.depositFreeze = depositFreeze
        self.withdrawalFreeze = withdrawalFreeze
        self.incidentAmount = incidentAmount
        self.customerState = customerState
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("accountId", accountId)
        object.member("balance", balance)
        object.member("heldAmount", heldAmount)
        object.member("lastPaidOn", lastPaidOn)
        object.member("state", state.rawValue)
        object.member("depositFreeze", depositFreeze)
        object.member("withdrawalFreeze", withdrawalFreeze)
        object.member("incidentAmount", incidentAmount)
        object.member("customerState", customerState.rawValue)
        return object.finished
    }
}

/// `GET /v1/accounts/{id}/interest`; its fields stand in the payout's and the closure's answers too.
public struct PreviewAnswer: WireAnswer, Hashable {
    public static let status = 200
    public var period: WirePeriod
    public var grossInterest: Int64
    public var incomeTax: Int64
    public var localIncomeTax: Int64
    public var netInterest: Int64

    public init(period: WirePeriod, grossInterest: Int64, incomeTax: Int64, localIncomeTax: Int64, netInterest: Int64) {
        self.period = period
        self.grossInterest = grossInterest
        self.incomeTax = incomeTax
        self.localIncomeTax = localIncomeTax
        self.netInterest = netInterest
    }

    public var json: [UInt8] {
        var object = WireObject()
        write(to: &object)
        return object.finished
    }

    func write(to object: inout WireObject) {
        object.member("period") { inner in
            inner.member("from", period.from)
            inner.member("to", period.to)
            inner.member("days", period.days)
        }
        object.member("grossInterest", grossInterest)
        object.member("incomeTax", incomeTax)
        object.member("localIncomeTax", localIncomeTax)
        object.member("netInterest", netInterest)
    }
}

/// `POST /v1/accounts/{id}/interest-payouts`.
public struct PayoutAnswer: WireAnswer, Hashable {
    public static let status = 201
    public var payoutId: String
    public var accountId: String
    public var businessDate: CivilDate
    public var interest: PreviewAnswer
    public var balanceAfter: Int64
    public var heldAmount: Int64
    /// The request's instant in Korean time, whole seconds: `2026-03-02T09:00:00+09:00`.
    public var processedAt: String

    public init(
        payoutId: String, accountId: String, businessDate: CivilDate, interest: PreviewAnswer, balanceAfter: Int64,
        heldAmount: Int64,
        processedAt: String
    ) {
        self.payoutId = payoutId
        self.accountId = accountId
        self.businessDate = businessDate
        self.interest = interest
        self.balanceAfter = balanceAfter
        self.heldAmount = heldAmount
        self.processedAt = processedAt
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("payoutId", payoutId)
        object.member("accountId", accountId)
        object.member("businessDate", businessDate)
        interest.write(to: &object)
        object.member("balanceAfter", balanceAfter)
        object.member("heldAmount", heldAmount)
        object.member("currency", "KRW")
        object.member("processedAt", processedAt)
        return object.finished
    }
}

/// `POST /v1/accounts/{id}/transactions`.
public struct TransactionAnswer: WireAnswer, Hashable {
    public static let status = 201
    public var transactionId: String
    public var balanceAfter: Int64
    public var heldAmount: Int64

    public init(transactionId: String, balanceAfter: Int64, heldAmount: Int64) {
        self.transactionId = transactionId
        self.balanceAfter = balanceAfter
        self.heldAmount = heldAmount
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("transactionId", transactionId)
        object.member("balanceAfter", balanceAfter)
        object.member("heldAmount", heldAmount)
        return object.finished
    }
}

/// `POST /v1/transfers`.
public struct TransferAnswer: WireAnswer, Hashable {
    public struct Leg: Sendable, Hashable {
        public var accountId: String
        public var balanceAfter: Int64

        public init(accountId: String, balanceAfter: Int64) {
            self.accountId = accountId
            self.balanceAfter = balanceAfter
        }
    }

    public static let status = 201
    public var transferId: String
    public var from: Leg
    public var to: Leg

    public init(transferId: String, from: Leg, to: Leg) {
        self.transferId = transferId
        self.from = from
        self.to = to
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("transferId", transferId)
        for (name, leg) in [("from", from), ("to", to)] {
            object.member(name) { inner in
                inner.member("accountId", leg.accountId)
                inner.member("balanceAfter", leg.balanceAfter)
            }
        }
        return object.finished
    }
}

/// `POST /v1/accounts/{id}/closure`.
public struct ClosureAnswer: WireAnswer, Hashable {
    public static let status = 201
    public var closureId: String
    /// Zeros, with the business date as both ends of an empty period, when nothing was payable.
    public var interest: PreviewAnswer
    public var paidOut: Int64

    public init(closureId: String, interest: PreviewAnswer, paidOut: Int64) {
        self.closureId = closureId
        self.interest = interest
        self.paidOut = paidOut
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("closureId", closureId)
        interest.write(to: &object)
        object.member("paidOut", paidOut)
        object.member("balanceAfter", Int64(0))
        object.member("state", AccountState.closed.rawValue)
        return object.finished
    }
}

/// `POST /v1/products/{code}/rates`: the schedule as it now stands from `since` on.
public struct RatesAnswer: WireAnswer, Hashable {
    public static let status = 201
    public var product: String
    public var schedule: RateSchedule

    public init(product: String, schedule: RateSchedule) {
        self.product = product
        self.schedule = schedule
    }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("product", product)
        object.member("since", schedule.since)
        object.member(
            "bands",
            objects: schedule.bands.map { band in
                var inner = WireObject()
                inner.member("upTo", band.upTo)
                inner.member("ppm", band.ppm)
                return inner.finished
            })
        return object.finished
    }
}

/// `POST /v1/fixtures`.
public struct FixturesAnswer: WireAnswer, Hashable {
    public static let status = 201
    public var accounts: Int

    public init(accounts: Int) { self.accounts = accounts }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("accounts", Int64(accounts))
        return object.finished
    }
}
