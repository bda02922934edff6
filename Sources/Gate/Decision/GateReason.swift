/// What one rule came to. The order is that of precedence: the gravest reason decides.
public enum GateTone: String, Codable, Sendable, CaseIterable, Comparable {
    /// Looked at and found right.
    case passed
    /// Too little evidence to say anything.
    case inconclusive
    /// A side (or the oracle) could not be reached.
    case unreachable
    /// The sides disagree, or a threshold of the policy is crossed.
    case failed
    /// The verifier did not prove that it sees: nothing that it says counts.
    case untrusted

    public static func < (left: GateTone, right: GateTone) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .passed: 0
        case .inconclusive: 1
        case .unreachable: 2
        case .failed: 3
        case .untrusted: 4
        }
    }

    /// The process's exit status.
    public var exitCode: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .inconclusive: 2
        case .unreachable: 3
        case .untrusted: 4
        }
    }

    /// One word, as outputs show it.
    public var word: String {
        switch self {
        case .passed: "pass"
        case .inconclusive: "inconclusive"
        case .unreachable: "unreachable"
        case .failed: "fail"
        case .untrusted: "untrusted"
        }
    }
}

/// One rule's answer, in words for whoever is on call.
public struct GateReason: Codable, Sendable, Hashable {
    /// `mismatch`, `coverage` …: docs/ci.md lists them.
    public var rule: String
    /// `matrix core`; nil for what concerns all runs.
    public var run: String?
    /// The operation, `dimension = value`, fault or side it is about; nil for the whole run.
    public var subject: String?
    public var measured: String
    public var required: String
    public var tone: GateTone
    /// All of it as a sentence.
    public var sentence: String

    public init(
        rule: String, run: String? = nil, subject: String? = nil, measured: String, required: String, tone: GateTone,
        sentence: String
    ) {
        self.rule = rule
        self.run = run
        self.subject = subject
        self.measured = measured
        self.required = required
        self.tone = tone
        self.sentence = sentence
    }

    /// `matrix core · payout`
    public var place: String { [run, subject].compactMap(\.self).joined(separator: " · ") }
}
