/// Which account a request is about: all of them once, in an order that jumps about, before any comes again.
///
/// Even use and a long way between two requests of one account: what a proxy that orders by account is asked when nobody is
/// in a hurry. The hot case is one account for all.
struct AccountSequence: Equatable, Sendable {
    let accounts: Int
    private let start: Int
    private let stride: Int

    /// `accounts` of them, numbered from 0; the seed decides where the walk begins.
    init(accounts: Int, seed: UInt64) {
        let accounts = max(1, accounts)
        self.accounts = accounts
        start = Int(seed % UInt64(accounts))
        // About the golden ratio of the number, then the next step that visits every account.
        var stride = max(1, Int(Double(accounts) * 0.618))
        while Self.commonDivisor(stride, accounts) != 1 { stride += 1 }
        self.stride = stride
    }

    static let hot = AccountSequence(accounts: 1, seed: 0)

    /// 0 ..< `accounts`.
    func account(of request: Int) -> Int { (start + (request % accounts) * stride) % accounts }

    private static func commonDivisor(_ one: Int, _ other: Int) -> Int {
        var (a, b) = (one, other)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
