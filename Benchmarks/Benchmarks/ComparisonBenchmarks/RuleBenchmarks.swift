import Benchmark
import Comparison

/// How the paths of rules are written.
private enum PathStyle: String, CaseIterable {
    /// `$.x7`
    case plain
    /// `$.items[*].x7`
    case elements
    /// `$..x7`
    case anyDepth = "any-depth"

    func path(_ index: Int) -> String {
        switch self {
        case .plain: "$.x\(index)"
        case .elements: "$.items[*].x\(index)"
        case .anyDepth: "$..x\(index)"
        }
    }
}

/// One document of a hundred members and ten elements of ten members; the two sides differ in `$.items[9].x9` alone.
///
/// `rules-walk`: the rules give places a severity, so that the full walk descends under all of them and lists one difference.
/// `rules-ignore`: the same places are ignored, so that the shadow is held against the primary's bytes and the rules are asked once, where
/// they part.
func benchmarkRules() {
    let primary = DocumentBytes(table(last: 1))
    let shadow = DocumentBytes(table(last: 2))
    func add(_ name: String, _ action: RuleAction, _ style: PathStyle, count: Int) {
        Benchmark(
            name, configuration: .of(bytes: primary.text.count + shadow.text.count, .kilo)
        ) { benchmark in
            // The last rule takes the place that differs, whatever the style.
            let last = style == .plain ? "$.items[9].x9" : style.path(9)
            let paths = count == 0 ? [] : (0..<count).filter { $0 != 9 }.map { style.path($0) } + [last]
            let rules = try paths.map { Rule(path: try PathPattern($0), action: action) }
            let run = ComparisonRun(primary, shadow, ResponseRules(rules: rules))
            let outcome = run.compare()
            guard outcome.isMatch == (action == .ignore), outcome.differences.count == (action == .ignore ? 0 : 1) else {
                return benchmark.error("one member should differ")
            }
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(run.compare()) }
        }
    }
    add("rules-walk/none", .severity(.critical), .plain, count: 0)
    for (group, action) in [("rules-walk", RuleAction.severity(.critical)), ("rules-ignore", .ignore)] {
        for style in PathStyle.allCases {
            for count in [10, 100] { add("\(group)/\(style.rawValue)-\(count)", action, style, count: count) }
        }
    }
}

private func table(last: Int) -> String {
    func members(_ count: Int, _ value: (Int) -> Int) -> String {
        (0..<count).map { "\"x\($0)\":\(value($0))" }.joined(separator: ",")
    }
    let items = (0..<10).map { item in "{" + members(10) { item == 9 && $0 == 9 ? last : 1_000 * item + $0 } + "}" }
    return "{" + members(100) { 100_000 + $0 } + ",\"items\":[" + items.joined(separator: ",") + "]}"
}
