import InterestContract

/// A call after its form was checked: everything the books need to know of the request.
struct Call: Sendable {
    var method: String
    /// With its query, as received: a key belongs to exactly this.
    var path: String
    var body: [UInt8]
    /// Always there on a POST.
    var key: String?
    var mode: ShadowMode?
    var time: KoreanTime

    /// Named arguments of the statement that keeps an answer.
    func arguments(_ answer: StoredAnswer) -> [String: any BookBindable] {
        [
            "key": key ?? "", "method": method, "path": path, "body": body, "status": answer.status,
            "contentType": answer.contentType, "answer": answer.body, "at": time.text, "mirrored": mode == .mirror,
        ]
    }
}

/// Status, content type and body, as they go out and as they are kept under an idempotency key.
struct StoredAnswer: Sendable, Hashable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    /// Seconds until the same request may fare better, where waiting helps.
    var retryAfterSeconds: Int?

    init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init<Answer: WireAnswer>(_ answer: Answer) {
        self.init(status: Answer.status, contentType: "application/json", body: answer.json)
    }

    init(_ problem: Problem) {
        self.init(status: problem.status, contentType: Problem.contentType, body: problem.json)
        retryAfterSeconds = problem.code.retryAfterSeconds
    }
}
