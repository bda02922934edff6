/// Where one side's books are read.
public enum LedgerLocation: Sendable, Hashable, CustomStringConvertible {
    /// A running service: `http://127.0.0.1:8081`.
    case service(url: String)
    /// A service's SQLite database, read without changing it; the service may be running.
    case database(path: String)
    /// A service's schema in PostgreSQL, read without changing it; the service may be running.
    case postgres(address: String)

    /// An address with a scheme (`http://…`, `postgres://…`), `sqlite:PATH`, or a path.
    public init(_ text: String) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self = .service(url: text.hasSuffix("/") ? String(text.dropLast()) : text)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(address: text)
        } else if text.hasPrefix("sqlite:") {
            self = .database(path: String(text.dropFirst("sqlite:".count)))
        } else {
            self = .database(path: text)
        }
    }

    public var description: String {
        switch self {
        case .service(let url): url
        case .database(let path): path
        case .postgres(let address): LedgerLocation.withoutUser(address)
        }
    }

    /// An address as a report may show it: user and password stand before the `@`.
    private static func withoutUser(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://"), let at = address[scheme.upperBound...].lastIndex(of: "@") else {
            return address
        }
        return String(address[..<scheme.upperBound] + address[address.index(after: at)...])
    }
}

/// One side's books could not be read: one sentence that names the side.
public struct LedgerUnreachable: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

/// Reads one side's books.
protocol Ledger: Sendable {
    func totals() async throws(LedgerUnreachable) -> LedgerTotals
    /// Accounts by rising id, after the one named; fewer than `limit` are the last.
    func accounts(after: String, limit: Int) async throws(LedgerUnreachable) -> [LedgerAccount]
}
