import InterestContract

/// An answer as it goes on the wire, and as it is kept under an idempotency key.
struct Reply: Sendable, Hashable {
    static let jsonType = "application/json"

    var status: Int
    var contentType: String
    var body: [UInt8]
    /// For the header `Retry-After`. Answers that are kept have none: repeating those changes nothing.
    var retryAfterSeconds: Int?

    init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init<Answer: WireAnswer>(_ answer: Answer) {
        self.init(status: Answer.status, contentType: Reply.jsonType, body: answer.json)
    }

    init(_ problem: Problem) {
        self.init(status: problem.status, contentType: Problem.contentType, body: problem.json)
        retryAfterSeconds = problem.code.retryAfterSeconds
    }
}
