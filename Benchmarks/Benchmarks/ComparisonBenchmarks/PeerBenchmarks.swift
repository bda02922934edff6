import Benchmark
import Foundation
import SimdjsonShim

/// Two parsers of simdjson, which keep their memory.
private final class SimdjsonRun {
    private let parsers = simdjson_pair_create()

    deinit { simdjson_pair_destroy(parsers) }

    /// - Returns: 0, or an error code of simdjson.
    func parse(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
        guard let parsers, let first = left.baseAddress, let second = right.baseAddress else { return -1 }
        return simdjson_pair_parse(
            parsers, first.assumingMemoryBound(to: CChar.self), left.count,
            second.assumingMemoryBound(to: CChar.self), right.count)
    }
}

/// Parses both documents and compares nothing: a floor for whoever would build the comparison on simdjson's DOM.
func benchmarkSimdjson(of pair: DocumentPair) {
    let run = SimdjsonRun()
    Benchmark("simdjson/\(pair.name)", configuration: .of(bytes: pair.bytes, pair.calls)) { benchmark in
        let code = run.parse(pair.primary.text, pair.shadow.text)
        guard code == 0 else { return benchmark.error("simdjson says \(code)") }
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(run.parse(pair.primary.text, pair.shadow.text)) }
    }
}

/// `foundation-parse`: both documents parsed and nothing compared, a floor. `foundation`: the ignored member is then taken out of both and
/// `NSDictionary` asked whether they are equal, which on Linux costs many times the parsing.
///
/// Numbers are binary fractions there, and nobody says where documents differ: both do less than the comparison does.
func benchmarkFoundation(of pair: DocumentPair) {
    let primary = Data(pair.primary.text)
    let shadow = Data(pair.shadow.text)
    func parse() throws -> (left: [String: Any], right: [String: Any])? {
        guard let left = try JSONSerialization.jsonObject(with: primary) as? [String: Any],
            let right = try JSONSerialization.jsonObject(with: shadow) as? [String: Any]
        else { return nil }
        return (left, right)
    }
    func areEqual() throws -> Bool {
        guard var (left, right) = try parse() else { return false }
        left[pair.ignored] = nil
        right[pair.ignored] = nil
        return NSDictionary(dictionary: left).isEqual(to: right)
    }
    Benchmark("foundation-parse/\(pair.name)", configuration: .of(bytes: pair.bytes, .one)) { benchmark in
        blackHole(try parse())
    }
    Benchmark("foundation/\(pair.name)", configuration: .of(bytes: pair.bytes, .one)) { benchmark in
        guard try areEqual() else { return benchmark.error("Foundation finds the documents different") }
    }
}
