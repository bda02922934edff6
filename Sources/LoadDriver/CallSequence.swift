internal import FixtureGeneration
internal import InterestContract

/// One request of a run.
struct DriveCall: Sendable, Hashable {
    var kind: CallKind
    /// Whose holder calls; of a transfer the one that pays.
    var account: String
    /// Nanoseconds from the start of the run.
    var due: Int64
    var moment: BusinessMoment
    var path: String
    /// Empty for reads.
    var body: String
    var idempotencyKey: String?
}

/// The calls of a plan, in order.
///
/// Each kind goes round its own shuffled deck of the accounts: every account comes once before any comes again, and always at
/// the same distance, so that a payout finds the business clock advanced as far as possible since the last.
struct CallSequence: Sequence, IteratorProtocol {
    private let plan: DrivePlan
    private let weights: [(CallKind, weight: Int)]
    private let decks: [CallKind: [Int]]
    private var positions: [CallKind: Int] = [:]
    private var random: SeededGenerator
    private var keys: SeededGenerator
    private var index = 0

    init(_ plan: DrivePlan) {
        self.plan = plan
        weights = plan.mix.weights.map { ($0.kind, weight: $0.weight) }
        random = SeededGenerator(seed: plan.seed)
        // FNV-1a: the run's name moves the keys, and nothing else.
        let name = plan.runID.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        keys = SeededGenerator(seed: plan.seed ^ name)
        var decks: [CallKind: [Int]] = [:]
        for weight in plan.mix.weights { decks[weight.kind] = random.shuffled(Array(plan.accounts.indices)) }
        self.decks = decks
    }

    mutating func next() -> DriveCall? {
        guard index < plan.requests else { return nil }
        let due = plan.curve.due(index, of: plan.requests, length: Int64(plan.lengthMilliseconds) * 1_000_000)
        index += 1
        let kind = random.pick(weighted: weights)
        let account = draw(kind)
        let moment = plan.clock.moment(at: due)
        let path = "/v1/accounts/" + account.id
        var call = DriveCall(
            kind: kind, account: account.id, due: due, moment: moment, path: path, body: "", idempotencyKey: nil)
        switch kind {
        case .accounts: break
        case .previews: call.path += "/interest"
        case .payouts:
            call.path += "/interest-payouts"
            call.body = #"{"channel":"\#(channel(orBatch: true).rawValue)"}"#
        case .deposits:
            call.path += "/transactions"
            call.body = transaction(.deposit, amount: random.within(1...1_000_000), valueDate: earlierDate(account, moment))
        case .withdrawals:
            call.path += "/transactions"
            call.body = transaction(.withdrawal, amount: random.within(1...500_000), valueDate: nil)
        case .transfers:
            call.path = "/v1/transfers"
            call.body = transfer(from: account)
        case .closures:
            call.path += "/closure"
            call.body = #"{"channel":"\#(channel(orBatch: false).rawValue)"}"#
        }
        if kind.isWrite { call.idempotencyKey = key() }
        return call
    }

    private mutating func draw(_ kind: CallKind) -> FixtureAccount {
        guard let deck = decks[kind] else { preconditionFailure("a kind outside the mix was drawn") }
        let position = positions[kind, default: 0]
        positions[kind] = (position + 1) % deck.count
        return plan.accounts[deck[position]]
    }

    private mutating func channel(orBatch: Bool) -> Channel {
        random.pick(orBatch ? [.mobile, .mobile, .mobile, .atm, .teller, .batch] : [.mobile, .mobile, .atm, .teller])
    }

    private mutating func transaction(_ type: TransactionType, amount: Int, valueDate: String?) -> String {
        let channel = channel(orBatch: false).rawValue
        let date = valueDate.map { #","valueDate":"\#($0)""# } ?? ""
        return #"{"type":"\#(type.rawValue)","amount":\#(amount),"channel":"\#(channel)"\#(date)}"#
    }

    /// One deposit in ten counts from one to three days before, if the account was open then.
    private mutating func earlierDate(_ account: FixtureAccount, _ moment: BusinessMoment) -> String? {
        guard random.chance(percent: 10) else { return nil }
        let day = moment.day - random.within(1...3)
        return day >= CalendarDay(account.openedOn) ? day.date.description : nil
    }

    private mutating func transfer(from account: FixtureAccount) -> String {
        let others = plan.accounts.count - 1
        let drawn = random.below(others)
        // The last account stands in for the payer.
        let to = plan.accounts[drawn].id == account.id ? plan.accounts[others] : plan.accounts[drawn]
        return #"{"from":"\#(account.id)","to":"\#(to.id)","amount":\#(random.within(1...300_000)),"channel":"TRANSFER"}"#
    }

    /// Shaped like a random UUID.
    private mutating func key() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let halves = [keys.next(), keys.next()]
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
            var digit = Int(halves[place / 16] >> UInt64(60 - place % 16 * 4) & 15)
            if place == 12 { digit = 4 }
            if place == 16 { digit = 8 | digit & 3 }
            text.append(digits[digit])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
