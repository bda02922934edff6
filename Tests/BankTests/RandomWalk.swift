import FixtureGeneration
import InterestContract

/// A seeded walk over everything the contract takes: mostly what channels send, now and then what nobody should.
///
/// Time goes forward from the fixture's business date, in hops that love midnight in Korea and in Greenwich, and sometimes
/// stumbles back.
struct RandomWalk {
    private var random: SeededGenerator
    private let accounts: [FixtureAccount]
    /// Minutes since the fixture's business date began in Korea.
    private var minute = 9 * 60
    private var serial = 0
    private var sent: [WireCall] = []
    private var justWritten: [String] = []
    /// What follows at once, last first.
    private var planned: [WireCall] = []

    init(seed: UInt64, accounts: [FixtureAccount]) {
        random = SeededGenerator(seed: seed)
        self.accounts = accounts
    }

    mutating func next() -> WireCall {
        serial += 1
        if let call = planned.popLast() { return call }
        minute += random.pick(weighted: [
            (0, 40), (random.below(30), 40), (random.below(900), 14), (1_440 * random.within(1...40), 1), (1_440, 5),
        ])
        // What was written is often read at once.
        if let id = justWritten.popLast(), random.chance(percent: 40) { return read(id) }
        justWritten = []
        return random.pick(
            weighted: [
                (Self.preview, 18), (Self.payout, 24), (Self.transaction, 20), (Self.transfer, 9), (Self.status, 9),
                (Self.closure, 3), (Self.rates, 1), (Self.again, 6),
                (Self.malformed, 5), (Self.fixture, 2), (Self.stranger, 3),
            ] as [((inout RandomWalk) -> WireCall, weight: Int)])(&self)
    }

    private mutating func account() -> FixtureAccount { random.pick(accounts) }

    private mutating func instant() -> String {
        var local = minute
        if random.chance(percent: 3) { local -= random.within(1...4) * 1_440 }
        // Close to midnight, in Korea or in Greenwich.
        if random.chance(percent: 15) { local = local / 1_440 * 1_440 + random.pick([0, 1, 539, 540, 1_439]) }
        let offset = random.pick(weighted: [(540, 70), (0, 15), (-300, 5), (330, 5), (1_080, 3), (-1_080, 2)])
        let shifted = local - 540 + offset
        let day = FixtureGenerator.businessDate + Int((Double(shifted) / 1_440).rounded(.down))
        let rest = shifted - (day - FixtureGenerator.businessDate) * 1_440
        let seconds = random.pick(["00", "59", "30", "00.5", "59.999999999"])
        let zone = offset == 0 ? "Z" : (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
        return "\(day.date)T\(two(rest / 60)):\(two(rest % 60)):\(seconds)\(zone)"
    }

    private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private mutating func write(_ path: String, _ body: String, touching ids: [String]) -> WireCall {
        justWritten = ids
        let mode: String? = random.pick(weighted: [(nil, 85), ("dry-run", 8), ("mirror", 7)])
        let call = WireCall(path: path, at: instant(), key: "w\(serial)", mode: mode, body: body)
        sent.append(call)
        return call
    }

    private mutating func read(_ id: String) -> WireCall {
        WireCall(method: "GET", path: "/v1/accounts/" + id + random.pick(["", "", "/interest"]), at: instant())
    }

    private mutating func channel() -> String { random.pick(Channel.allCases).rawValue }

    private static func preview(_ walk: inout RandomWalk) -> WireCall {
        WireCall(method: "GET", path: "/v1/accounts/\(walk.account().id)/interest", at: walk.instant())
    }

    private static func payout(_ walk: inout RandomWalk) -> WireCall {
        let id = walk.account().id
        return walk.write("/v1/accounts/\(id)/interest-payouts", #"{"channel":"\#(walk.channel())"}"#, touching: [id])
    }

    private static func closure(_ walk: inout RandomWalk) -> WireCall {
        let id = walk.account().id
        return walk.write("/v1/accounts/\(id)/closure", #"{"channel":"\#(walk.channel())"}"#, touching: [id])
    }

    private mutating func amount() -> Int {
        random.pick(weighted: [
            (random.within(1...100), 20), (random.within(1...5_000_000), 55), (random.within(1...60_000_000), 20),
            (1_000_000_000_000, 2),
            (1_000_000_000_000_000, 1), (18_250, 2),
        ])
    }

    private static func transaction(_ walk: inout RandomWalk) -> WireCall {
        let account = walk.account()
        let type = walk.random.pick(TransactionType.allCases).rawValue
        var date = ""
        if walk.random.chance(percent: 35) {
            let today = FixtureGenerator.businessDate + walk.minute / 1_440
            let day = walk.random.pick(weighted: [
                (today - walk.random.below(10), 70), (today - walk.random.below(400), 15), (today + 1, 5),
                (CalendarDay(account.openedOn), 5), (CalendarDay(account.openedOn) - 1, 5),
            ])
            date = #","valueDate":"\#(day.date)""#
        }
        let body = #"{"type":"\#(type)","amount":\#(walk.amount()),"channel":"\#(walk.channel())"\#(date)}"#
        let call = walk.write("/v1/accounts/\(account.id)/transactions", body, touching: [account.id])
        guard walk.random.chance(percent: 40) else { return call }
        // Shown, moved, shown: what is kept of the first preview must not answer the second.
        let preview = WireCall(method: "GET", path: "/v1/accounts/\(account.id)/interest", at: call.at)
        walk.planned = [preview, call]
        return preview
    }

    private static func transfer(_ walk: inout RandomWalk) -> WireCall {
        let from = walk.account().id
        let to = walk.random.chance(percent: 4) ? "nobody" : walk.account().id
        let body = #"{"from":"\#(from)","to":"\#(to)","amount":\#(walk.amount()),"channel":"\#(walk.channel())"}"#
        return walk.write("/v1/transfers", body, touching: [from, to])
    }

    private static func status(_ walk: inout RandomWalk) -> WireCall {
        let id = walk.account().id
        var members: [String] = []
        if walk.random.chance(percent: 30) {
            let state: CustomerState = walk.random.pick(weighted: [
                (.normal, 7), (.deceased, 1), (.identityTheft, 1), (.kycExpired, 1),
            ])
            members.append(#""customerState":"\#(state.rawValue)""#)
        }
        if walk.random.chance(percent: 50) {
            let state: AccountState = walk.random.pick(weighted: [
                (.active, 10), (.dormant, 1), (.suspended, 1), (.closed, 1), (.seized, 3), (.fraudHold, 4),
            ])
            members.append(#""accountState":"\#(state.rawValue)""#)
            if state == .fraudHold, walk.random.chance(percent: 90) { members.append(#""incidentAmount":\#(walk.amount())"#) }
        }
        if walk.random.chance(percent: 30) { members.append(#""depositFreeze":\#(walk.random.chance(percent: 20))"#) }
        if walk.random.chance(percent: 30) { members.append(#""withdrawalFreeze":\#(walk.random.chance(percent: 30))"#) }
        if !members.contains(where: { $0.contains("incident") }), walk.random.chance(percent: 10) {
            members.append(#""incidentAmount":\#(walk.amount())"#)
        }
        return walk.write("/v1/accounts/\(id)/status", "{\(members.joined(separator: ","))}", touching: [id])
    }

    private static func rates(_ walk: inout RandomWalk) -> WireCall {
        let product = walk.random.pick(["DEMAND-2", "TIER-100", "TIER-50", "STEP-2022", "NO-SUCH"])
        let since = FixtureGenerator.businessDate + walk.minute / 1_440 + walk.random.within(-20...10)
        let split = walk.random.pick([1_000_000, 50_000_000, 100_000_000])
        let body =
            #"{"since":"\#(since.date)","bands":[{"upTo":\#(split),"ppm":\#(walk.random.within(0...50_000))},{"ppm":\#(walk.random.within(0...1_000_000))}]}"#
        return walk.write("/v1/products/\(product)/rates", body, touching: [])
    }

    /// A call that was sent before, or its key under another body, path or method.
    private static func again(_ walk: inout RandomWalk) -> WireCall {
        guard !walk.sent.isEmpty else { return preview(&walk) }
        var call = walk.random.chance(percent: 50) ? walk.sent[walk.sent.count - 1] : walk.random.pick(walk.sent)
        if walk.random.chance(percent: 50) { call.at = walk.instant() }
        switch walk.random.below(8) {
        case 0: call.body += " "
        case 1: call.path = "/v1/accounts/\(walk.account().id)/closure"
        case 2: call.path += "?a=1"
        case 3: call.mode = "dry-run"
        case 4: call.mode = nil
        default: break
        }
        return call
    }

    private static func malformed(_ walk: inout RandomWalk) -> WireCall {
        let id = walk.account().id
        var call = WireCall(
            path: "/v1/accounts/\(id)/interest-payouts", at: walk.instant(), key: "m\(walk.serial)",
            body: #"{"channel":"MOBILE"}"#)
        switch walk.random.below(17) {
        case 0: call.at = walk.random.pick(["yesterday", "2026-03-02", "2026-02-30T00:00:00Z", "2026-03-02T00:00:00"])
        case 1: call.key = nil
        case 2: call.key = "two words"
        case 3: call.mode = "shadow"
        case 4: call.body = walk.random.pick(["", "{", "[]", #"{"channel":"FAX"}"#, #"{"channel":"MOBILE","x":1}"#])
        case 5: call.path = "/v1/accounts/a_b/interest-payouts"
        case 6: call.path = "/v1/accounts/nobody/interest-payouts"
        case 7:
            call.path = "/v1/accounts/\(id)/transactions"
            call.body =
                #"{"type":"DEPOSIT","amount":\#(walk.random.pick(["0", "-1", "1.0", "1e3", "1000000000000001", "\"5\""])),"channel":"ATM"}"#
        case 8:
            call.path = "/v1/transfers"
            call.body = #"{"from":"\#(id)","to":"\#(id)","amount":1,"channel":"ATM"}"#
        case 9: call = WireCall(method: "GET", path: "/v1/accounts/\(id)/interest", at: "now", key: "two words")
        case 10: call = WireCall(method: "GET", path: "/v1/accounts/\(id)", at: walk.instant(), key: "two words", mode: "dry-run")
        case 11:
            call.path = "/v1/products/DEMAND-2/rates"
            call.body = #"{"since":"2026-03-01","bands":[]}"#
        case 12:
            call.path = "/v1/accounts/\(id)/status"
            call.body = walk.random.pick(["{}", #"{"accountState":"FRAUD_HOLD"}"#, #"{"depositFreeze":1}"#])
        case 13: call = WireCall(method: "GET", path: "/v1/accounts/\(id)/interest", at: walk.instant(), mode: "shadow")
        case 14: call.body += String(repeating: " ", count: 65_536 - call.body.utf8.count + walk.random.below(2))
        case 15: call.key = ""
        default:
            call.key = nil
            call.body = "{"
        }
        return call
    }

    /// Paths and methods outside the contract, and accounts that don't exist.
    private static func stranger(_ walk: inout RandomWalk) -> WireCall {
        let id = walk.account().id
        let at = walk.instant()
        return walk.random.pick([
            WireCall(method: "GET", path: "/v1/accounts/nobody", at: at), WireCall(method: "GET", path: "/v1/nothing", at: at),
            WireCall(method: "GET", path: "/v1/accounts/nobody/interest", at: at),
            WireCall(method: "DELETE", path: "/v1/accounts/\(id)", at: at),
            WireCall(path: "/v1/accounts/\(id)", at: at, key: "s\(walk.serial)", body: "{}"),
            WireCall(method: "GET", path: "/v1/accounts/\(id)/", at: at),
            WireCall(method: "GET", path: "/v1/accounts/\(id)?x=1", at: at),
            WireCall(method: "GET", path: "/v1/accounts/a_b/interest", at: at),
            WireCall(
                path: "/v1/accounts/nobody/closure", at: at, key: "s\(walk.serial)", body: #"{"channel":"ATM"}"#),
        ])
    }

    /// Replaces an account by its fixture, as it was or with another state, or tries a line that breaks the rules.
    private static func fixture(_ walk: inout RandomWalk) -> WireCall {
        var account = walk.account()
        if walk.random.chance(percent: 30) { account.state = .active }
        if walk.random.chance(percent: 10) { account.product = "NO-SUCH" }
        if walk.random.chance(percent: 10) {
            let future = (FixtureGenerator.businessDate + walk.minute / 1_440 + 30).date
            account.entries.append(.init(bookedOn: future, valuedOn: future, amount: 1))
        }
        if walk.random.chance(percent: 20) { account.lastPaidOn = nil }
        var body = String(decoding: account.json, as: UTF8.self)
        if walk.random.chance(percent: 10) { body += "\nno line" }
        return walk.write("/v1/fixtures", body, touching: [account.id])
    }
}
