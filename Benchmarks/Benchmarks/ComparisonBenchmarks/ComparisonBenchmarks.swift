import Benchmark

@testable import Comparison

/// The comparator with all that it borrows for one pair of bodies.
final class ComparisonRun {
    private var comparator = Comparator()
    private let primary: DocumentBytes
    private let shadow: DocumentBytes
    private let rules: ResponseRules
    private let contentType = Array("application/json".utf8)

    init(_ primary: DocumentBytes, _ shadow: DocumentBytes, _ rules: ResponseRules) {
        self.primary = primary
        self.shadow = shadow
        self.rules = rules
    }

    func compare() -> ComparisonOutcome {
        contentType.withUnsafeBytes { type in
            comparator.compare(
                primary: AnswerView(status: 200, contentType: type, body: primary.text),
                shadow: AnswerView(status: 200, contentType: type, body: shadow.text), rules: rules)
        }
    }
}

/// The tape of one document, in memory that is kept.
private final class ScanRun {
    private var tape = JSONTape()

    /// - Returns: the number of entries.
    func scan(_ document: DocumentBytes) -> Int {
        guard JSONScanner.scan(document.text, into: &tape, depthMax: 128) == nil else { return 0 }
        return tape.count
    }
}

/// `scan`: the tape of the primary's document alone. `compare`: both answers by the rules, the usual case, where the shadow's bytes are
/// held against the primary's and only that is scanned. `compare-reordered`: both scanned, and the full walk over both tapes.
func benchmarkComparison(of pair: DocumentPair) {
    let scan = ScanRun()
    Benchmark("scan/\(pair.name)", configuration: .of(bytes: pair.primary.text.count, pair.calls)) { benchmark in
        guard scan.scan(pair.primary) > 0 else { return benchmark.error("the document is no JSON") }
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(scan.scan(pair.primary)) }
    }
    for (name, shadow) in [("compare", pair.shadow), ("compare-reordered", pair.reordered)] {
        Benchmark("\(name)/\(pair.name)", configuration: .of(bytes: pair.bytes, pair.calls)) { benchmark in
            let path = try PathPattern("$.\(pair.ignored)")
            let run = ComparisonRun(pair.primary, shadow, ResponseRules(rules: [Rule(path: path, action: .ignore)]))
            guard run.compare() == .equal else { return benchmark.error("the documents should agree") }
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(run.compare()) }
        }
    }
}
