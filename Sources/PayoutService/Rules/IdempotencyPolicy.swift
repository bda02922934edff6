/// What a request that comes again is answered with.
struct IdempotencyPolicy: Sendable {
    /// The answer kept under an idempotency key, as the call may use it.
    var recall: @Sendable (_ stored: StoredAnswer?) -> StoredAnswer?
    /// Whether the call is the request that the kept answer was given to.
    var isSame: @Sendable (_ stored: StoredAnswer, _ call: InboundCall) -> Bool

    static let plain = IdempotencyPolicy(
        recall: { $0 },
        isSame: { stored, call in stored.method == call.method && stored.target == call.target && stored.body == call.body })
}
