// swift-tools-version: 6.2
import PackageDescription

// Micro-benchmarks of the data plane's parts, apart from the main package so that nobody who builds the verifier builds these.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

func benchmarks(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies + [.product(name: "Benchmark", package: "benchmark")],
        path: "Benchmarks/\(name)",
        swiftSettings: strict,
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

let package = Package(
    name: "countersign-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "countersign", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    ],
    targets: [
        // The system's simdjson behind three C functions: Swift reads no C++ templates here.
        .target(name: "SimdjsonShim", linkerSettings: [.linkedLibrary("simdjson")]),
        benchmarks("ComparisonBenchmarks", [.product(name: "Comparison", package: "countersign"), "SimdjsonShim"]),
        // Four files of ShadowProxy, linked in: generic code that is called from another module is not specialised, and slower.
        benchmarks(
            "OrderingBenchmarks",
            [
                .product(name: "Verdicts", package: "countersign"),
                .product(name: "Migration", package: "countersign"),
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        benchmarks(
            "LaneBenchmarks",
            [
                .product(name: "Comparison", package: "countersign"),
                .product(name: "ShadowProxy", package: "countersign"),
                .product(name: "Verdicts", package: "countersign"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
