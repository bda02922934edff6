/// The paths of the contract. Anything else is NOT_FOUND.
enum Route: Sendable, Hashable {
    case health
    case metrics
    case account(String)
    case preview(String)
    case payout(String)
    case transaction(String)
    case transfer
    case closure(String)
    case status(String)
    case rates(String)
    case fixtures
    case booksAccounts
    case booksTotals
    case booksAccount(String)
    case booksPage(AccountPage, String)
    case booksEvents

    /// - Parameter target: as received; a query is left aside.
    init?(method: String, target: String) {
        let path = target.prefix { $0 != "?" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts[0].isEmpty else { return nil }
        switch (method, parts.count) {
        case ("GET", 2) where parts[1] == "healthz": self = .health
        case ("GET", 2) where parts[1] == "metrics": self = .metrics
        case (_, 2): return nil
        case _ where parts[1] != "v1": return nil
        case ("GET", _): self.init(reading: Array(parts[2...]))
        case ("POST", _): self.init(writing: Array(parts[2...]))
        default: return nil
        }
    }

    private init?(reading parts: [String]) {
        switch (parts[0], parts.count) {
        case ("accounts", 2): self = .account(parts[1])
        case ("accounts", 3) where parts[2] == "interest": self = .preview(parts[1])
        case ("books", 2) where parts[1] == "accounts": self = .booksAccounts
        case ("books", 2) where parts[1] == "totals": self = .booksTotals
        case ("books", 2) where parts[1] == "events": self = .booksEvents
        case ("books", 3) where parts[1] == "accounts": self = .booksAccount(parts[2])
        case ("books", 4) where parts[1] == "accounts":
            guard let page = AccountPage(rawValue: parts[3]) else { return nil }
            self = .booksPage(page, parts[2])
        default: return nil
        }
    }

    private init?(writing parts: [String]) {
        switch (parts[0], parts.count) {
        case ("transfers", 1): self = .transfer
        case ("fixtures", 1): self = .fixtures
        case ("products", 3) where parts[2] == "rates": self = .rates(parts[1])
        case ("accounts", 3) where parts[2] == "interest-payouts": self = .payout(parts[1])
        case ("accounts", 3) where parts[2] == "transactions": self = .transaction(parts[1])
        case ("accounts", 3) where parts[2] == "closure": self = .closure(parts[1])
        case ("accounts", 3) where parts[2] == "status": self = .status(parts[1])
        default: return nil
        }
    }

    /// The id or code in the path.
    var identifier: String? {
        switch self {
        case .account(let id), .preview(let id), .payout(let id), .transaction(let id), .closure(let id), .status(let id),
            .rates(let id), .booksAccount(let id), .booksPage(_, let id):
            id
        case .health, .metrics, .transfer, .fixtures, .booksAccounts, .booksTotals, .booksEvents: nil
        }
    }

    /// Whether the answer is one of the old core's own, and as late as those are.
    var isDelayed: Bool {
        switch self {
        case .health, .metrics, .booksAccounts, .booksTotals, .booksAccount, .booksPage, .booksEvents: false
        default: true
        }
    }
}
