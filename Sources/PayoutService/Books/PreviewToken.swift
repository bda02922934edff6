import Foundation

/// What a preview rests on, as versions: the account with its entries and pots, its customer, its product's rates.
///
/// Two tokens that are equal stand for the same state, always:
/// - Every call that changes one of the three raises its version in the same transaction. Fixtures set an account's version back to
///   0, and raise its customer's.
/// - Versions of customers and products rise by random steps, and an account's last change is named by its reference, which no other
///   change has: books that were restored from a backup and went another way do not come to a token a second time.
/// - Each store has a name of its own: another store with the same accounts has other tokens.
struct PreviewToken: Sendable, Hashable {
    var books: String
    var customerId: String
    var customerVersion: Int64
    var product: String
    var productVersion: Int64
    var accountVersion: Int64
    /// Of the account's last change; nil if it stands as it was loaded.
    var lastReference: String?

    /// Of the same lineage, the later state has the greater `order`.
    var lineage: String { "\(books) \(customerId) \(product)" }

    /// Compared as text: the customer's version first, since it rises where the account's begins anew.
    var order: String {
        [customerVersion, productVersion, accountVersion].map { version in
            let digits = String(version)
            return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
        }.joined(separator: ".")
    }

    // MARK: In the books

    /// By how much the version of a customer or a product rises: 2³¹ changes fit into 64 bits.
    static func versionStep() -> Int64 { Int64.random(in: 1...0xFFFF_FFFF) }

    /// The name of a new store.
    static func newBooks() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    static let creation = """
        ALTER TABLE customer ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE product ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE books_identity (identity TEXT NOT NULL PRIMARY KEY);
        """

    static let naming = "INSERT INTO books_identity (identity) VALUES (?)"

    /// Six rows, each found by its primary key.
    static let query = "\(columns) \(sources) WHERE a.account_id = ?"

    private static let columns = """
        SELECT (SELECT identity FROM books_identity), a.customer_id, c.version, a.product, p.version, b.version,
            (SELECT e.reference FROM account_event e WHERE e.account_id = a.account_id AND e.version = b.version), a.account_id
        """

    private static let sources = """
        FROM account a JOIN customer c ON c.customer_id = a.customer_id JOIN product p ON p.product = a.product
            JOIN account_balance b ON b.account_id = a.account_id
        """

    /// The tokens of those accounts that there are.
    static func ofAccounts(_ accounts: [String], in books: any BookConnection) throws -> [String: PreviewToken] {
        let one = accounts.count == 1 ? accounts.first : nil
        let list = try one ?? String(decoding: JSONEncoder().encode(accounts), as: UTF8.self)
        let sql = one == nil ? "\(columns) \(sources) WHERE \(books.dialect.isListed("a.account_id"))" : query
        var tokens: [String: PreviewToken] = [:]
        for row in try books.rows(sql, [.init(list)]) { tokens[try row.text(7)] = try PreviewToken(row) }
        return tokens
    }
}

extension PreviewToken {
    /// Of the columns of ``query``.
    init(_ row: any BookRow) throws {
        self.init(
            books: try row.text(0), customerId: try row.text(1), customerVersion: try row.integer(2), product: try row.text(3),
            productVersion: try row.integer(4), accountVersion: try row.integer(5), lastReference: try row.textIfAny(6))
    }
}
