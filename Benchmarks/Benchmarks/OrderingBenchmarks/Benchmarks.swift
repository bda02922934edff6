import Benchmark

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .throughput]
    Benchmark.defaultConfiguration.warmupIterations = 2
    Benchmark.defaultConfiguration.maxDuration = .milliseconds(150)
    Benchmark.defaultConfiguration.tags = ["calls": "1000"]
    Benchmark.defaultConfiguration.scalingFactor = .kilo
    for (name, keys, underWay) in [
        ("key-order/one-key-alone", 1, 0), ("key-order/one-key-8-under-way", 1, 8),
        ("key-order/10000-keys-one-under-way", 10_000, 0), ("key-order/10000-keys-all-under-way", 10_000, 10_000),
    ] {
        let run = OrderingRun(keys: keys, underWay: underWay)
        Benchmark(name) { benchmark in
            for _ in benchmark.scaledIterations { run.pass() }
            guard run.isInOrder else { return benchmark.error("a request had its turn out of order") }
        }
    }
    for (name, keys, rememberedMax) in [("placement/remembered-key", 10_000, 65_536), ("placement/new-key", 10_000, 1)] {
        guard let run = PlacementRun(keys: keys, rememberedMax: rememberedMax) else { continue }
        Benchmark(name) { benchmark in
            for _ in benchmark.scaledIterations { run.pass() }
            guard run.isHalf else { return benchmark.error("half a share is not half of the keys") }
        }
    }
}
