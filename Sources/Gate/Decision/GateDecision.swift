/// What the gate says of a build.
public struct GateDecision: Codable, Sendable, Hashable {
    public var verdict: GateTone
    /// 0 pass, 1 mismatch or threshold, 2 inconclusive, 3 a side unreachable, 4 self-test failed.
    public var exitCode: Int
    /// True when the evidence did not suffice and the policy lets the build pass all the same.
    public var waved: Bool
    /// The gravest first; within a tone in the order of the rules. Rules that found nothing wrong are there too.
    public var reasons: [GateReason]

    /// The gravest reason decides. A verifier that failed its own test comes before everything: its mismatches are worth as little as
    /// its matches. A mismatch comes before a side that was unreachable: it stands whatever else failed, and a job that retries on
    /// exit 3 must not retry it away. A side that could not be reached comes before too little evidence, which it explains.
    public init(reasons: [GateReason], inconclusivePasses: Bool) {
        let order = reasons.enumerated().sorted { ($1.element.tone, $0.offset) < ($0.element.tone, $1.offset) }
        self.reasons = order.map(\.element)
        verdict = reasons.map(\.tone).max() ?? .inconclusive
        waved = verdict == .inconclusive && inconclusivePasses
        exitCode = waved ? 0 : verdict.exitCode
    }

    /// Reasons that are not simply fine.
    public var findings: [GateReason] { reasons.filter { $0.tone > .passed } }

    /// One sentence for the top of every output.
    public var headline: String {
        let findings = findings.count
        let rules = "\(findings) \(findings == 1 ? "reason" : "reasons")"
        switch verdict {
        case .passed: return "Pass: \(reasons.count) \(reasons.count == 1 ? "check" : "checks"), nothing against the build"
        case .failed: return "Fail: the sides disagree or a threshold is crossed (\(rules))"
        case .unreachable: return "Unreachable: a side did not answer, so there is no verdict (\(rules))"
        case .untrusted: return "Untrusted: the verifier did not prove that it sees (\(rules))"
        case .inconclusive:
            return waved
                ? "INCONCLUSIVE, let through by --inconclusive pass: the evidence does not suffice (\(rules))"
                : "Inconclusive: the evidence does not suffice (\(rules))"
        }
    }
}
