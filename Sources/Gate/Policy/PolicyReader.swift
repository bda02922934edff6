internal import Comparison
public import RuleFiles
internal import RunRecords
internal import Yams

extension GatePolicy {
    /// Reads a policy file; all that is wrong with it comes at once.
    public static func load(path: String) throws(ConfigurationError) -> GatePolicy {
        try parse(text: try ConfigurationText.read(path), named: path)
    }

    public static func parse(text: String, named name: String) throws(ConfigurationError) -> GatePolicy {
        let problems = Problems(file: name)
        var policy = GatePolicy()
        policy.source = name
        // A file of comments alone is a policy too: the defaults.
        let says = text.split(whereSeparator: \.isNewline).contains { line in
            let line = line.drop { $0 == " " || $0 == "\t" }
            return !line.isEmpty && !line.hasPrefix("#") && line != "---"
        }
        if says, let root = ConfigurationText.compose(text, problems), let section = root.section(PolicyKeys.top) {
            PolicyReader.read(section, into: &policy)
        }
        guard problems.list.isEmpty else { throw ConfigurationError(problems: problems.list) }
        return policy
    }
}

private enum PolicyReader {
    static let counts = 0...1_000_000_000

    static func read(_ section: YAMLSection, into policy: inout GatePolicy) {
        if let runs = section["runs"]?.section(PolicyKeys.runs) { policy.runs = self.runs(runs) }
        if let compared = section["compared"]?.section(PolicyKeys.compared) { policy.compared = self.compared(compared) }
        if let mismatches = section["mismatches"]?.section(PolicyKeys.mismatches) {
            policy.mismatches = self.mismatches(mismatches)
        }
        if let coverage = section["coverage"]?.section(PolicyKeys.coverage) {
            policy.coverage.strengthMin = coverage["strength-min"]?.integer(in: 1...64)
            policy.coverage.percentMin = coverage["percent-min"].flatMap(percentage)
        }
        if let proof = section["proof"]?.section(PolicyKeys.proof) { policy.proof = self.proof(proof) }
        if let limits = section["limits"]?.section(PolicyKeys.limits) { policy.limits = self.limits(limits) }
        if let inconclusive = section["inconclusive"] {
            policy.inconclusivePasses = inconclusive.choice([Inconclusive.pass, .fail]) == .pass
        }
    }

    private static func runs(_ section: YAMLSection) -> RunDemands {
        var demands = RunDemands()
        for element in section["required"]?.elements() ?? [] {
            guard let entry = element.section(PolicyKeys.required) else { continue }
            let kind = entry.required("kind", "`matrix`, `prove`, `proxy` or `reconciliation`")?.choice(RunRecord.Kind.allCases)
            let name = entry["name"]?.text("a run's name")
            let comparedMin = entry["compared-min"]?.integer(in: 1...counts.upperBound)
            let strengthMin = entry["strength-min"]?.integer(in: 1...64)
            let coverageMin = entry["coverage-min"].flatMap(percentage)
            guard let kind else { continue }
            if kind != .matrix {
                for key in ["strength-min", "coverage-min"] {
                    entry[key]?.complain("only a matrix has a coverage; leave it out of a `\(kind.rawValue)`")
                }
            }
            if demands.required.contains(where: { $0.kind == kind && $0.name == name }) {
                element.complain("this run is required already")
            }
            demands.required.append(
                RequiredRun(
                    kind: kind, name: name, comparedMin: comparedMin, strengthMin: strengthMin, coverageMin: coverageMin))
        }
        demands.ageMaxMs = section["age-max"]?.duration(in: 1_000...31_536_000_000)
        demands.sameCandidate = section["same-candidate"]?.bool() ?? false
        if let build = section["candidate-build"], let text = build.text("a commit or an image's digest") {
            if text.isEmpty { build.complain("an empty text is part of every candidate; leave it out") }
            demands.candidateBuild = text
        }
        return demands
    }

    private static func compared(_ section: YAMLSection) -> ComparedFloors {
        var floors = ComparedFloors()
        // Nothing compared is never a pass.
        floors.run = section["run-min"]?.integer(in: 1...counts.upperBound) ?? floors.run
        floors.operation = section["operation-min"]?.integer(in: counts) ?? floors.operation
        floors.operations = section["operations"].map { named($0) { $0.integer(in: counts) } } ?? [:]
        floors.dimensionValue = section["dimension-value-min"]?.integer(in: counts) ?? floors.dimensionValue
        floors.dimensions = section["dimensions"].map { named($0) { $0.integer(in: counts) } } ?? [:]
        return floors
    }

    private static func mismatches(_ section: YAMLSection) -> MismatchLimits {
        var limits = MismatchLimits()
        limits.allowedMax = section["allowed-max"]?.integer(in: counts)
        limits.rateMax = section["rate-max"].flatMap(rate)
        limits.operationRateMax = section["operation-rate-max"].flatMap(rate)
        limits.operationRates = section["operations"].map { named($0, read: rate) } ?? [:]
        if let value = section["confidence"], let confidence = percentage(value) {
            if !(50_000...99_999).contains(confidence.thousandths) {
                value.complain("a confidence from 50 to 99.999 per cent is expected")
            }
            limits.confidence = confidence
        }
        limits.criticalOperations = section["critical-operations"]?.texts("an operation's name").map(\.text) ?? []
        limits.criticalPaths = section["critical-paths"]?.texts("a path").compactMap(path) ?? []
        return limits
    }

    private static func proof(_ section: YAMLSection) -> ProofDemands {
        var demands = ProofDemands()
        demands.selfTest = section["self-test"].map(kinds) ?? demands.selfTest
        demands.positiveControl = section["positive-control"].map(kinds) ?? demands.positiveControl
        demands.faultsMin = section["faults-min"]?.integer(in: 1...10_000) ?? demands.faultsMin
        demands.killedMin = section["killed-min"].flatMap(percentage) ?? demands.killedMin
        return demands
    }

    private static func limits(_ section: YAMLSection) -> RunLimits {
        var limits = RunLimits()
        limits.flakyMax = section["flaky-max"]?.integer(in: counts) ?? limits.flakyMax
        limits.errorsMax = section["errors-max"].flatMap(percentage) ?? limits.errorsMax
        limits.notRunMax = section["not-run-max"].flatMap(percentage)
        limits.excusedMax = section["excused-max"]?.integer(in: counts)
        return limits
    }

    private static func percentage(_ value: YAMLValue) -> Percentage? { value.percentage().map(Percentage.init(thousandths:)) }

    private static func rate(_ value: YAMLValue) -> Percentage? {
        guard let rate = percentage(value) else { return nil }
        guard rate > .none else {
            value.complain(
                "no number of rows proves a rate of 0: leave it out and no mismatch is allowed, or say `allowed-max: 0`")
            return nil
        }
        return rate
    }

    private static func kinds(_ value: YAMLValue) -> [RunRecord.Kind] {
        if value.isScalar { return value.choice(RunRecord.Kind.allCases).map { [$0] } ?? [] }
        return value.elements()?.compactMap { $0.choice(RunRecord.Kind.allCases) } ?? []
    }

    /// A mapping whose keys are names from the runs.
    private static func named<Value>(_ value: YAMLValue, read: (YAMLValue) -> Value?) -> [String: Value] {
        guard case .mapping(let mapping) = value.node else {
            value.complain("a mapping of names is expected, as `{payout: 300}`")
            return [:]
        }
        let names = Array(mapping.keys).compactMap { $0.scalar?.string }
        guard let section = value.section(SectionKeys(value.key, names)) else { return [:] }
        var result: [String: Value] = [:]
        for name in names { result[name] = section[name].flatMap(read) }
        return result
    }

    /// `$.a.b`, `$..a`, `status`, `header:NAME`, `ANSWER PATH`.
    private static func path(_ text: String, _ value: YAMLValue) -> CriticalPath? {
        let place = text.split(separator: " ", maxSplits: 1).last.map(String.init) ?? ""
        if place != "status", !place.hasPrefix("header:") {
            do throws(RuleSyntaxError) { _ = try PathPattern(place) } catch {
                value.complain(error.description)
                return nil
            }
        }
        return CriticalPath(text)
    }

    private enum Inconclusive: String { case pass, fail }
}
