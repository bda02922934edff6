public import InterestContract

/// Who the callers are: the holders of the first accounts belong to the first group, and so on; all others say nothing.
public struct DriveAudiences: Sendable, Hashable {
    /// The header that carries the group's name.
    public var header: String
    public var groups: [Group]

    public struct Group: Sendable, Hashable {
        public var claim: String
        public var accounts: Int

        public init(claim: String, accounts: Int) {
            self.claim = claim
            self.accounts = accounts
        }
    }

    public init(header: String, groups: [Group]) {
        self.header = header
        self.groups = groups
    }

    /// By account.
    func claims(_ accounts: [FixtureAccount]) -> [String: String] {
        var claims: [String: String] = [:]
        var rest = accounts[...]
        for group in groups {
            for account in rest.prefix(group.accounts) { claims[account.id] = group.claim }
            rest = rest.dropFirst(group.accounts)
        }
        return claims
    }
}

/// One run of the driver. The calls are a function of the plan alone: same plan, same calls at the same business times.
public struct DrivePlan: Sendable {
    /// The service or proxy: `http://127.0.0.1:8080`.
    public var target: String
    /// The accounts that are asked about, each as often as any other.
    public var accounts: [FixtureAccount]
    public var requests: Int
    public var lengthMilliseconds: Int
    public var curve: RateCurve
    /// The most requests under way at once. One that is due while all are busy waits, and its latency counts from when it was due.
    public var connections: Int
    public var seed: UInt64
    /// Stands in the idempotency keys: a second run against the same books needs another one, or is answered from the first.
    public var runID: String
    public var mix: CallMix
    public var clock: BusinessClock
    public var timeoutMs: Int
    /// What callers say of themselves; nil: nothing.
    public var audiences: DriveAudiences?

    public init(
        target: String, accounts: [FixtureAccount], requests: Int, lengthMilliseconds: Int, curve: RateCurve = .steady,
        connections: Int = 16, seed: UInt64 = 1, runID: String, mix: CallMix = .standard, clock: BusinessClock = BusinessClock(),
        timeoutMs: Int = 10_000
    ) {
        self.target = target
        self.accounts = accounts
        self.requests = requests
        self.lengthMilliseconds = lengthMilliseconds
        self.curve = curve
        self.connections = connections
        self.seed = seed
        self.runID = runID
        self.mix = mix
        self.clock = clock
        self.timeoutMs = timeoutMs
    }

    /// Refuses what can't be driven.
    func check() throws(DriveError) {
        guard target.hasPrefix("http://") || target.hasPrefix("https://") else {
            throw DriveError("The target `\(target)` is no http:// or https:// address.")
        }
        guard !accounts.isEmpty else { throw DriveError("There are no accounts to ask about: the fixture is empty.") }
        guard accounts.count > 1 || !mix.weights.contains(where: { $0.kind == .transfers }) else {
            throw DriveError("Transfers need two accounts: the fixture has one.")
        }
        guard requests >= 0, lengthMilliseconds >= 0, connections > 0, timeoutMs > 0 else {
            throw DriveError("Requests and length can't be negative; connections and timeout must be above 0.")
        }
        // 20 000 years of business time would leave the calendar of the wire.
        guard clock.daysPerMinute >= 0, clock.daysPerMinute * Double(lengthMilliseconds) / 60_000 < 1_000_000 else {
            throw DriveError("The business clock must advance by 0 … 1000000 days in the whole run.")
        }
    }
}
