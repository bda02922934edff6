public import Foundation
public import RunRecords

/// Turns runs into a decision. The gate takes any judge, tests it with canaries first, and believes it only then.
public protocol GateJudge: Sendable {
    func decide(_ runs: [RunRecord], under policy: GatePolicy, at now: Date) -> GateDecision
}

/// The judge that the command uses: every rule over every run.
public struct PolicyJudge: GateJudge {
    let rules: [GateRule]

    public init() { rules = GateRule.all }

    /// With other rules: tests leave some out.
    init(rules: [GateRule]) { self.rules = rules }

    public func decide(_ runs: [RunRecord], under policy: GatePolicy, at now: Date) -> GateDecision {
        let matter = GateMatter(runs: runs, policy: policy, now: now)
        return GateDecision(reasons: rules.flatMap { $0.judge(matter) }, inconclusivePasses: policy.inconclusivePasses)
    }
}

/// What rules judge.
struct GateMatter: Sendable {
    var runs: [RunRecord]
    var policy: GatePolicy
    var now: Date
}

/// One demand of the policy: a name and what it finds in the runs.
struct GateRule: Sendable {
    let name: String
    let judge: @Sendable (GateMatter) -> [GateReason]

    init(_ name: String, judge: @escaping @Sendable (GateMatter) -> [GateReason]) {
        self.name = name
        self.judge = judge
    }

    /// A rule that looks at one run at a time.
    init(_ name: String, each judge: @escaping @Sendable (RunRecord, GatePolicy) -> [GateReason]) {
        self.init(name) { matter in matter.runs.flatMap { judge($0, matter.policy) } }
    }

    /// In the order in which reasons of one tone are shown.
    static let all: [GateRule] = [
        .counts, .selfTest, .positiveControl, .critical, .mismatch, .mismatchRate, .faults, .excused, .unreachable,
        .required, .age, .candidate, .compared, .operationCompared, .dimensionCompared, .coverage, .errors, .flaky, .notRun,
    ]
}

extension RunRecord {
    /// What reasons and outputs call a run: `matrix core`.
    var title: String { "\(kind.rawValue) \(name)" }
}

extension GateTone {
    static func of(_ holds: Bool, else tone: GateTone) -> GateTone { holds ? .passed : tone }
}
