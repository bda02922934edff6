import Benchmark

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .throughput]
    Benchmark.defaultConfiguration.warmupIterations = 2
    Benchmark.defaultConfiguration.maxDuration = .milliseconds(150)
    for pair in DocumentPair.all {
        benchmarkComparison(of: pair)
        benchmarkSimdjson(of: pair)
        benchmarkFoundation(of: pair)
    }
    benchmarkRules()
}

extension Benchmark.Configuration {
    /// The report is made from the tags: `bytes` is what one call reads, `calls` how many calls one measurement holds.
    static func of(bytes: Int, _ calls: BenchmarkScalingFactor) -> Benchmark.Configuration {
        Benchmark.Configuration(tags: ["bytes": String(bytes), "calls": String(calls.rawValue)], scalingFactor: calls)
    }
}
