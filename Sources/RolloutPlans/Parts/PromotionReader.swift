import Comparison
import Migration
import RuleFiles
import Yams

/// `promotion` as written: an audience's own keys come on top of those of the plan.
struct PromotionPolicySettings {
    /// Their names, with rates of their own where they have them.
    var operations: [(name: String, good: Share?, bad: Share?)]?
    var good: Share?
    var bad: Share?
    var alpha: Share?
    var beta: Share?
    var perKeyMax: Int?
    var keysMax: Int?
    var criticalPlaces: [CriticalPlace]?

    func policy() -> PromotionPolicy {
        var policy = PromotionPolicy(
            operations: (operations ?? []).map { operation in
                OperationRates(
                    name: operation.name, good: operation.good ?? good ?? PromotionReader.goodDefault,
                    bad: operation.bad ?? bad ?? PromotionReader.badDefault)
            })
        if let alpha { policy.alpha = alpha }
        if let beta { policy.beta = beta }
        if let perKeyMax { policy.perKeyMax = perKeyMax }
        if let keysMax { policy.keysMax = keysMax }
        if let criticalPlaces { policy.criticalPlaces = criticalPlaces }
        return policy
    }
}

enum PromotionReader {
    /// 0.1 %
    static let goodDefault = Share(thousandths: 100) ?? .none
    /// 1 %
    static let badDefault = Share(thousandths: 1_000) ?? .none

    static func read(_ value: YAMLValue?, over defaults: PromotionPolicySettings?) -> PromotionPolicySettings {
        let defaults = defaults ?? PromotionPolicySettings()
        guard let section = value?.section(PlanKeys.promotion) else { return defaults }
        return PromotionPolicySettings(
            operations: section["operations"].map(operations) ?? defaults.operations,
            good: section["good-rate"].flatMap(rate) ?? defaults.good,
            bad: section["bad-rate"].flatMap(rate) ?? defaults.bad,
            alpha: section["alpha"].flatMap(rate) ?? defaults.alpha,
            beta: section["beta"].flatMap(rate) ?? defaults.beta,
            perKeyMax: section["per-key-max"]?.integer(in: 1...1_000_000) ?? defaults.perKeyMax,
            keysMax: section["keys-max"]?.integer(in: 1...100_000_000) ?? defaults.keysMax,
            criticalPlaces: section["critical-places"].map { $0.texts("a place").compactMap(place) } ?? defaults.criticalPlaces)
    }

    /// A list of names, or a mapping of names to rates of their own.
    private static func operations(_ value: YAMLValue) -> [(name: String, good: Share?, bad: Share?)] {
        guard case .mapping(let mapping) = value.node else {
            return value.texts("an operation's name").map { (name: $0.text, good: nil, bad: nil) }
        }
        let names = Array(mapping.keys).compactMap { $0.scalar?.string }
        guard let section = value.section(SectionKeys(value.key, names)) else { return [] }
        return names.compactMap { name in
            guard let rates = section[name]?.section(PlanKeys.operation) else { return nil }
            return (name: name, good: rates["good-rate"].flatMap(rate), bad: rates["bad-rate"].flatMap(rate))
        }
    }

    /// With its `%`: 0.05 alone could mean one in twenty as well as one in two thousand.
    private static func rate(_ value: YAMLValue) -> Share? {
        guard let text = value.text("a rate, as `0.1%`") else { return nil }
        guard text.hasSuffix("%") else {
            value.complain("found `\(text)`; a rate is written with its `%`, as `0.1%`: one in a thousand")
            return nil
        }
        return value.percentage().flatMap(Share.init(thousandths:))
    }

    /// `$.a.b`, `$..a`, `status`, `header:NAME`, `OPERATION PLACE`.
    private static func place(_ text: String, _ value: YAMLValue) -> CriticalPlace? {
        let place = text.split(separator: " ", maxSplits: 1).last.map(String.init) ?? ""
        if place != "status", !place.hasPrefix("header:") {
            do throws(RuleSyntaxError) { _ = try PathPattern(place) } catch {
                value.complain(error.description)
                return nil
            }
        }
        return CriticalPlace(text)
    }
}
