/// What a call decided: the statements to execute, the answer to give, and whose previews are out of date then.
struct Plan: Sendable {
    enum Call: Sendable, Hashable {
        case payout, deposit, withdrawal, transfer, closure, status, rates, fixtures
    }

    var call: Call
    /// The id that the books know it by.
    var reference: String
    var steps: [BookStep]
    var reply: Reply
    /// Accounts whose previews go; nil for all.
    var touched: [String]?
    var change: PreviewChange
    /// False rolls back: the answer is given as if it had been done.
    var isKept = true
    /// Whether the caller is answered by this service, and not by the one that it shadows.
    var isAuthoritative = true

    /// The row that makes the same request get the same answer for ever.
    ///
    /// - Parameter replacing: whether the row is there already: with the key ignored (a fault). By the rules it never is, and of two
    ///   transactions at once with one key the second must fail on it.
    static func idempotencyRow(
        key: String, asked: StoredAnswer, reference: String, instant: Int, replacing: Bool
    ) -> BookStep {
        let insert = """
            INSERT INTO idempotency (key, method, target, body, status, content_type, answer, reference, stored_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        let conflict =
            " ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, status = excluded.status, reference = excluded.reference"
        return BookStep(
            "idempotency", replacing ? insert + conflict : insert,
            [
                .init(key), .init(asked.method), .init(asked.target), .bytes(asked.body), .integer(Int64(asked.reply.status)),
                .init(asked.reply.contentType), .bytes(asked.reply.body), .init(reference), .integer(Int64(instant)),
            ])
    }
}
