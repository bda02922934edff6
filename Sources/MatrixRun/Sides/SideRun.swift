public import CaseMatrix

/// The two services, by their part in the comparison.
public enum Side: String, Sendable, Hashable, CaseIterable {
    case legacy, candidate
}

/// What one side did with a row: its answers as far as it got.
public struct SideRun: Sendable, Hashable {
    public var answers: [SideTranscript.Answer]
    /// The call that got no answer, and why: one sentence. The row has no verdict then.
    public var failure: String?

    public init(answers: [SideTranscript.Answer] = [], failure: String? = nil) {
        self.answers = answers
        self.failure = failure
    }

    public var transcript: SideTranscript { SideTranscript(answers: answers) }
}
