/// One line of `accounts.jsonl`: a customer, an account, its pots and its bookings.
public struct FixtureAccount: Sendable, Hashable {
    public struct Customer: Sendable, Hashable {
        public var id: String
        public var state: CustomerState
        public var taxCategory: TaxCategory
        /// Parts per million; only with TREATY, and then always.
        public var treatyPpm: Int64?

        public init(id: String, state: CustomerState = .normal, taxCategory: TaxCategory = .resident, treatyPpm: Int64? = nil) {
            self.id = id
            self.state = state
            self.taxCategory = taxCategory
            self.treatyPpm = treatyPpm
        }
    }

    public struct Pot: Sendable, Hashable {
        public var id: String
        public var balance: Int64

        public init(id: String, balance: Int64) {
            self.id = id
            self.balance = balance
        }
    }

    public struct Entry: Sendable, Hashable {
        public var bookedOn: CivilDate
        public var valuedOn: CivilDate
        /// Won; a withdrawal is negative.
        public var amount: Int64

        public init(bookedOn: CivilDate, valuedOn: CivilDate, amount: Int64) {
            self.bookedOn = bookedOn
            self.valuedOn = valuedOn
            self.amount = amount
        }
    }

    public var customer: Customer
    public var id: String
    public var state: AccountState
    public var depositFreeze: Bool
    public var withdrawalFreeze: Bool
    public var heldAmount: Int64
    public var incidentAmount: Int64?
    public var product: String
    public var openedOn: CivilDate
    public var lastPaidOn: CivilDate?
    public var pots: [Pot]
    public var entries: [Entry]

    public init(
        customer: Customer, id: String, state: AccountState = .active, depositFreeze: Bool = false,
        withdrawalFreeze: Bool = false,
        heldAmount: Int64 = 0, incidentAmount: Int64? = nil, product: String, openedOn: CivilDate, lastPaidOn: CivilDate? = nil,
        pots: [Pot] = [], entries: [Entry] = []
    ) {
        self.customer = customer
        self.id = id
        self.state = state
        self.depositFreeze = depositFreeze
        self.withdrawalFreeze = withdrawalFreeze
        self.heldAmount = heldAmount
        self.incidentAmount = incidentAmount
        self.product = product
        self.openedOn = openedOn
        self.lastPaidOn = lastPaidOn
        self.pots = pots
        self.entries = entries
    }
}
