public import Foundation
public import RunRecords

/// What the gate decided and from what, as one value: everything that its outputs show, and nothing else.
///
/// Written as JSON it is a format of its own (``schema``, docs/schema/gate.schema.json), from which every output is rendered again.
public struct GateReport: Codable, Sendable, Hashable {
    public static let schema = "countersign.gate/1"

    public var schema = GateReport.schema
    /// RFC 3339, UTC.
    public var createdAt: String
    /// `countersign 0.1.0`
    public var program: String
    public var decision: GateDecision
    /// As it was read, defaults included.
    public var policy: GatePolicy
    public var runs: [RunRecord]

    public init(createdAt: String, program: String, decision: GateDecision, policy: GatePolicy, runs: [RunRecord]) {
        self.createdAt = createdAt
        self.program = program
        self.decision = decision
        self.policy = policy
        self.runs = runs
    }

    /// Tests the judge with ``Canaries``, then has it judge. Wrong answers to canaries end in `untrusted`, whatever else it says.
    public static func judge(
        _ runs: [RunRecord], under policy: GatePolicy, at now: Date, program: String, judge: any GateJudge = PolicyJudge()
    ) -> GateReport {
        // The same run named twice is still one run.
        var seen: Set<RunRecord> = []
        let runs = runs.filter { seen.insert($0).inserted }
        let decision = judge.decide(runs, under: policy, at: now)
        return GateReport(
            createdAt: RunInstant.text(now), program: program,
            decision: GateDecision(
                reasons: Canaries.check(judge) + decision.reasons, inconclusivePasses: policy.inconclusivePasses),
            policy: policy, runs: runs)
    }

    /// All cases that did not simply agree, the gravest first, with their runs.
    var worstFirst: [(run: RunRecord, record: CaseRecord)] {
        runs.flatMap { run in run.cases.filter { $0.outcome != .agree }.map { (run, $0) } }
            .enumerated().sorted { ($0.element.1.gravity, $0.offset) < ($1.element.1.gravity, $1.offset) }.map(\.element)
    }
}

extension CaseRecord {
    /// 0 is the gravest.
    var gravity: Int {
        let outcome =
            switch outcome {
            case .bothWrong: 0
            case .candidateWrong: 1
            case .legacyQuirk: 2
            case .error: 3
            case .flaky: 4
            case .excused: 5
            case .agree: 6
            }
        return isMismatch && critical ? outcome : outcome + 10
    }

    /// The class in a reader's words.
    var wording: String {
        switch outcome {
        case .agree: "agrees"
        case .candidateWrong: "candidate wrong"
        case .legacyQuirk: "legacy quirk, not signed"
        case .excused: "excused"
        case .bothWrong: "both wrong"
        case .flaky: "flaky"
        case .error: "no verdict"
        }
    }
}
