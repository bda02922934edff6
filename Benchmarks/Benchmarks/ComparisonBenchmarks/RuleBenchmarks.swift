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

/// A document of a hundred members and ten elements of ten members. The rules differ in how many there are and how they are written.
///
/// `rules-walk`: the two sides differ in `$.items[9].x9` alone, and the rules give places a severity: the full walk, which asks the rules
/// on the way to where values differ, and lists one difference.
/// `rules-ignore`: the same places are ignored, so that the shadow is held against the primary's bytes and the rules are asked once.
/// `rules-walk-many`: all hundred members of the elements differ and are ignored, and the shadow writes them in reverse, so that the full
/// walk asks the rules a hundred times.
func benchmarkRules() {
    let primary = DocumentBytes(table(.primary))
    let oneDiffers = DocumentBytes(table(.oneDiffers))
    let allDiffer = DocumentBytes(table(.allDifferInReverse))
    func add(_ name: String, _ shadow: DocumentBytes, _ action: RuleAction, _ style: PathStyle, count: Int) {
        Benchmark(name, configuration: .of(bytes: primary.text.count + shadow.text.count, .kilo)) { benchmark in
            // The last rule takes the place that differs, whatever the style.
            let last = style == .plain ? "$.items[9].x9" : style.path(9)
            let paths = count == 0 ? [] : (0..<count).filter { $0 != 9 }.map { style.path($0) } + [last]
            let rules = try paths.map { Rule(path: try PathPattern($0), action: action) }
            let run = ComparisonRun(primary, shadow, ResponseRules(rules: rules))
            let outcome = run.compare()
            guard outcome.isMatch == (action == .ignore), outcome.differences.count == (action == .ignore ? 0 : 1) else {
                return benchmark.error("one member should differ, or none that is not ignored")
            }
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(run.compare()) }
        }
    }
    add("rules-walk/none", oneDiffers, .severity(.critical), .plain, count: 0)
    for style in PathStyle.allCases {
        for count in [10, 100] {
            let name = "\(style.rawValue)-\(count)"
            add("rules-walk/\(name)", oneDiffers, .severity(.critical), style, count: count)
            add("rules-ignore/\(name)", oneDiffers, .ignore, style, count: count)
            if style != .plain { add("rules-walk-many/\(name)", allDiffer, .ignore, style, count: count) }
        }
    }
}

private enum Table {
    case primary
    case oneDiffers
    case allDifferInReverse
}

private func table(_ kind: Table) -> String {
    func members(_ count: Int, _ value: (Int) -> Int) -> [String] { (0..<count).map { "\"x\($0)\":\(value($0))" } }
    let items = (0..<10).map { item in
        let texts = members(10) { index in
            let differs = kind == .allDifferInReverse || (kind == .oneDiffers && item == 9 && index == 9)
            return 1_000 * item + index + (differs ? 100 : 0)
        }
        return "{" + (kind == .allDifferInReverse ? texts.reversed() : texts).joined(separator: ",") + "}"
    }
    let top = members(100) { 100_000 + $0 }.joined(separator: ",")
    return "{" + top + ",\"items\":[" + items.joined(separator: ",") + "]}"
}
