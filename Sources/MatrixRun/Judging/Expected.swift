/// What the rules say of one answer: only what they determine.
public struct ExpectedAnswer: Sendable, Hashable {
    public var status: Int
    /// Members that must be there with exactly these values; arrays are whole. Nil when the rules say nothing about the body.
    package var body: JSONTree?

    package init(status: Int, body: JSONTree?) {
        self.status = status
        self.body = body
    }
}

/// What the rules say of a row.
public struct ExpectedRow: Sendable, Hashable {
    /// Step by step; of a step with several calls any assignment to the calls is right.
    public var steps: [[ExpectedAnswer]]
    /// By label; a read-back that is not there is not judged by the rules.
    public var readBack: [String: ExpectedAnswer]

    public init(steps: [[ExpectedAnswer]], readBack: [String: ExpectedAnswer]) {
        self.steps = steps
        self.readBack = readBack
    }
}
