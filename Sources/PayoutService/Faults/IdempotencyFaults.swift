enum IdempotencyFaults {
    static let all = [
        Fault(
            name: "idempotency-key-ignored", policy: .idempotency,
            about: "A repeated request is carried out again instead of answered as the first time."
        ) { policies in
            policies.idempotency.recall = { _ in nil }
        },
        Fault(
            name: "idempotency-other-body-accepted", policy: .idempotency,
            about: "Another body under a key that was used gets the first one's answer instead of a refusal."
        ) { policies in
            policies.idempotency.isSame = { stored, call in stored.method == call.method && stored.target == call.target }
        },
    ]
}
