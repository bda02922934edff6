import Migration
import RuleFiles

/// `audiences`
struct AudiencesReader {
    let promotion: PromotionPolicySettings
    let defaults: StageDefaults

    func read(_ value: YAMLValue) -> [Audience] { value.elements()?.compactMap(audience) ?? [] }

    private func audience(_ value: YAMLValue) -> Audience? {
        guard let section = value.section(PlanKeys.audience) else { return nil }
        let name = section.required("name", "what status pages and the audit log call it")?.text("a name")
        let claims = section["claim"]?.texts("a claim's value").map(\.text) ?? []
        let everyone = section["everyone"]?.isTrue() ?? false
        let keys = section["keys"]?.integer(in: 1...1_000_000_000)
        let answered = section["answered-min"]?.integer(in: 0...1_000_000) ?? 1
        let stages = section.required("stages", "the candidate's shares in per cent, as `[1, 10, 50, 90, 100]`")?.elements()?
            .compactMap { StageReader.stage($0, defaults) }
        let policy = PromotionReader.read(section["promotion"], over: promotion)
        guard let name, let stages else { return nil }
        return Audience(
            name: name, claims: claims, takesEveryone: everyone, keysExpected: keys, answeredMin: answered, stages: stages,
            promotion: policy.policy())
    }
}

/// `stage`: what holds for every stage that does not say otherwise.
struct StageDefaults {
    var times = StageTimes()
    var approvals: [ApprovalDemand] = []
}

/// Stages, their times and approvals.
enum StageReader {
    private static let year = 31_536_000_000

    static func defaults(_ value: YAMLValue?) -> StageDefaults {
        guard let section = value?.section(PlanKeys.stageDefaults) else { return StageDefaults() }
        return StageDefaults(times: times(section), approvals: approvals(section["approvals"]) ?? [])
    }

    static func times(_ section: YAMLSection?, over defaults: StageTimes = StageTimes()) -> StageTimes {
        StageTimes(
            minimumMs: section?["minimum"]?.duration(in: 0...year) ?? defaults.minimumMs,
            maximumMs: section?["maximum"]?.duration(in: 1...year) ?? defaults.maximumMs)
    }

    /// A share alone, or a mapping.
    static func stage(_ value: YAMLValue, _ defaults: StageDefaults) -> Stage? {
        if value.isScalar {
            return share(value).map { Stage(candidate: $0, times: defaults.times, approvals: defaults.approvals) }
        }
        guard let section = value.section(PlanKeys.stage) else { return nil }
        let candidate = section.required("candidate", "its share in per cent").flatMap(share)
        let times = times(section, over: defaults.times)
        let approvals = approvals(section["approvals"]) ?? defaults.approvals
        return candidate.map { Stage(candidate: $0, times: times, approvals: approvals) }
    }

    /// Nil when the key is not there; an empty list asks for nobody.
    static func approvals(_ value: YAMLValue?) -> [ApprovalDemand]? {
        guard let value else { return nil }
        return value.elements()?.compactMap { element in
            if element.isScalar { return element.text("a role").map { ApprovalDemand(role: $0) } }
            guard let section = element.section(PlanKeys.approval) else { return nil }
            let role = section.required("role", "who approves")?.text("a role")
            let number = section["number"]?.integer(in: 1...9) ?? 1
            return role.map { ApprovalDemand(role: $0, number: number) }
        }
    }

    private static func share(_ value: YAMLValue) -> Share? { value.percentage().flatMap(Share.init(thousandths:)) }
}
