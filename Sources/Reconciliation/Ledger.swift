/// Where one side's books are read.
public enum LedgerLocation: Sendable, Hashable, CustomStringConvertible {
    /// A running service: `http://127.0.0.1:8081`.
    case service(url: String)
    /// A service's SQLite database, read without changing it; the service may be running.
    case database(path: String)

    /// An address with a scheme, `sqlite:PATH`, or a path.
    public init(_ text: String) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self = .service(url: text.hasSuffix("/") ? String(text.dropLast()) : text)
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
        }
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
