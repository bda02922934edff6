// swift-tools-version: 6.2
import PackageDescription

// One graph for the verifier (`countersign`) and its reference pair (`bank`).
// A module imports only what stands below it: docs/architecture.md draws the order.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A C library's target, there only with the trait that needs it.
func engine(_ library: String, _ trait: String) -> Target.Dependency {
    .target(name: library, condition: .when(traits: [trait]))
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "countersign",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "countersign", targets: ["countersign"]),
        .executable(name: "bank", targets: ["bank"]),
        .library(name: "Comparison", targets: ["Comparison"]),
        // For the benchmarks alone, which are a package of their own.
        .library(name: "ShadowProxy", targets: ["ShadowProxy"]),
        .library(name: "Verdicts", targets: ["Verdicts"]),
        .library(name: "Migration", targets: ["Migration"]),
    ],
    traits: [
        .trait(name: "PostgreSQL", description: "Keep the books and the verifier's state in PostgreSQL (libpq)."),
        .trait(name: "Redis", description: "Cache previews in Redis (hiredis)."),
        .trait(name: "Kafka", description: "Send tax events through Kafka (librdkafka)."),
        .default(enabledTraits: []),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    ],
    targets: [
        // C libraries: one target each, one thin wrapper above it.
        .systemLibrary(name: "CCurl", path: "Sources/CCurl"),

        .systemLibrary(name: "CPostgres", path: "Sources/CPostgres"),
        .systemLibrary(name: "CHiredis", path: "Sources/CHiredis"),
        .systemLibrary(name: "CRdkafka", path: "Sources/CRdkafka"),

        // Shared by both planes.
        module("Outbound", ["CCurl"]),
        // Engines by choice: without its trait each of these is an empty module.
        module("PostgreSQLClient", [engine("CPostgres", "PostgreSQL")]),
        module("RedisClient", [engine("CHiredis", "Redis")]),
        module("KafkaClient", [engine("CRdkafka", "Kafka")]),

        // The reference pair. LegacyCore and PayoutService share InterestContract and nothing else.
        module("InterestContract", [yams]),
        module("LegacyCore", ["InterestContract", "PostgreSQLClient", hummingbird, grdb, logging]),
        module(
            "PayoutService",
            ["InterestContract", "PostgreSQLClient", "RedisClient", "KafkaClient", hummingbird, grdb, logging, lifecycle]),
        module("FixtureGeneration", ["InterestContract"]),
        module("LoadDriver", ["InterestContract", "FixtureGeneration", "Outbound", histogram]),
        module("Reconciliation", ["InterestContract", "Outbound", "PostgreSQLClient", grdb]),
        program(
            "bank",
            [
                "InterestContract", "LegacyCore", "PayoutService", "FixtureGeneration", "LoadDriver", "Reconciliation",
                argumentParser, hummingbird, lifecycle, unixSignals, logging,
            ]),

        // The verifier.
        module("Comparison", []),
        module("Verdicts", ["Comparison", grdb, deque]),
        module("Migration", [crypto]),
        // What carries a rollout out, whoever carries the traffic.
        module("RolloutControl", ["Migration", crypto]),
        module("HTTPFraming", [nioCore]),
        module(
            "ShadowProxy", ["Comparison", "Verdicts", "Migration", "HTTPFraming", nioCore, nioPosix, nioTLS, nioSSL, deque]),
        module("Alerting", ["Verdicts", "Outbound", grdb, crypto]),
        // The verifier's state shared among proxies: an empty module without the trait PostgreSQL.
        module("SharedState", ["Comparison", "Verdicts", "Alerting", "Migration", "RolloutControl", "PostgreSQLClient"]),
        module("Reports", ["Comparison", "Verdicts", mustache], resources: [.embedInCode("Templates")]),
        module(
            "Console",
            ["Verdicts", "Migration", "RolloutControl", hummingbird, hummingbirdTLS, nioSSL, lifecycle, logging, nioCore]),
        module("RuleFiles", ["Comparison", yams]),
        module("RolloutPlans", ["Migration", "RuleFiles", "Comparison", yams]),
        module(
            "ProxyConfiguration",
            ["RuleFiles", "Comparison", "ShadowProxy", "Alerting", "Outbound", "RolloutControl", yams]),

        // Staging: edge cases on both sides, and the verdict for a CI job.
        module("RunRecords", []),
        module("CaseDesign", ["RuleFiles", "Comparison", yams]),
        module("CaseMatrix", ["CaseDesign", "RuleFiles", "Comparison", yams]),
        module("MatrixRun", ["CaseDesign", "CaseMatrix", "RunRecords", "RuleFiles", "Comparison", "Outbound", yams]),
        module(
            "Gate", ["RunRecords", "RuleFiles", "Reports", "Comparison", "Verdicts", mustache, yams],
            resources: [.embedInCode("Templates")]),
        program(
            "countersign",
            [
                "Comparison", "Verdicts", "Migration", "RolloutPlans", "RolloutControl", "ShadowProxy", "Alerting", "Outbound",
                "Reports", "Console",
                "ProxyConfiguration", "RuleFiles", "RunRecords", "CaseDesign", "CaseMatrix", "MatrixRun", "Gate",
                "InterestContract", "SharedState", "PostgreSQLClient",
                argumentParser, hummingbird, lifecycle, unixSignals, logging, crypto,
                nioCore, nioPosix,
            ]),

        // Load and trouble for `make bench` and the budgets; nobody's product.
        program("loadbench", [argumentParser, histogram, nioCore, nioPosix]),

        // Tests.
        .target(
            name: "TestKit", dependencies: ["HTTPFraming", nioCore, nioPosix, nioConcurrency, nioTLS, nioSSL],
            path: "Tests/TestKit",
            swiftSettings: strict),
        .target(
            name: "RolloutTestKit", dependencies: ["RolloutControl", "Migration"], path: "Tests/RolloutTestKit",
            swiftSettings: strict),
        // A broker to test against: librdkafka's mock cluster as a process of its own.
        .executableTarget(
            name: "kafkamock", dependencies: [engine("CRdkafka", "Kafka")], path: "Tests/kafkamock", swiftSettings: strict),
        // Alerts from evidence to a receiver, as a process to be killed.
        .executableTarget(
            name: "alertdrill", dependencies: ["Alerting", "Comparison", "Verdicts", "Outbound", "SharedState"],
            path: "Tests/alertdrill", swiftSettings: strict),
        tests("ComparisonTests", ["Comparison"]),
        tests("VerdictsTests", ["Verdicts", "Comparison", "TestKit", grdb]),
        tests("HTTPFramingTests", ["HTTPFraming", nioCore, nioEmbedded, nioHTTP1, yams]),
        tests("MigrationTests", ["Migration", crypto]),
        tests(
            "RolloutControlTests",
            ["RolloutControl", "RolloutTestKit", "Migration", "TestKit"]),
        tests("RolloutPlansTests", ["RolloutPlans", "Migration", "RuleFiles"]),
        tests("TestKitTests", ["TestKit"]),
        tests(
            "ShadowProxyTests",
            [
                "ShadowProxy", "Verdicts", "Comparison", "Migration", "TestKit", nioCore, nioPosix, nioConcurrency, nioEmbedded,
                nioSSL,
            ]),
        tests(
            "AlertingTests",
            ["Alerting", "Comparison", "Verdicts", "Outbound", "SharedState", "PostgreSQLClient", "TestKit", "alertdrill", grdb]),
        tests(
            "SharedStateTests",
            [
                "SharedState", "Alerting", "Comparison", "Verdicts", "PostgreSQLClient", "Outbound", "TestKit", "Migration",
                "RolloutControl", "RolloutTestKit",
            ]),
        tests("OutboundTests", ["Outbound", "TestKit"]),
        tests("PostgreSQLClientTests", ["PostgreSQLClient", "TestKit"]),
        tests("RedisClientTests", ["RedisClient", "TestKit"]),
        tests("KafkaClientTests", ["KafkaClient", "TestKit", "kafkamock"]),
        tests(
            "ConsoleTests",
            ["Console", "Verdicts", "Outbound", "Migration", "RolloutControl", "RolloutTestKit", "TestKit", logging]),
        tests(
            "CountersignTests",
            [
                "countersign", "Comparison", "InterestContract", "Migration", "Verdicts", "Outbound", "Reports", "TestKit",
                "Console", "RolloutControl", "RolloutTestKit", "Alerting", logging,
            ]),
        tests("ReportsTests", ["Reports", "Verdicts", "Comparison"]),
        tests(
            "ProxyConfigurationTests",
            ["ProxyConfiguration", "Alerting", "RolloutControl", "RuleFiles", "ShadowProxy", "Comparison", "TestKit"]),
        tests("CaseDesignTests", ["CaseDesign", "RuleFiles"]),
        tests("CaseMatrixTests", ["CaseMatrix", "CaseDesign", "RuleFiles", "Comparison", "InterestContract"]),
        tests(
            "MatrixRunTests",
            [
                "MatrixRun", "CaseMatrix", "CaseDesign", "RunRecords", "RuleFiles", "Comparison", "Gate", "Outbound", "TestKit",
            ]),
        tests("GateTests", ["Gate", "RunRecords", "RuleFiles", "Reports", "Comparison", "Verdicts", yams]),
        tests("InterestContractTests", ["InterestContract"]),
        tests(
            "LegacyCoreTests", ["LegacyCore", "InterestContract", "PostgreSQLClient", "TestKit", grdb, "Outbound", hummingbird]),
        tests(
            "PayoutServiceTests",
            [
                "PayoutService", "InterestContract", "PostgreSQLClient", "RedisClient", "KafkaClient", "TestKit", grdb,
                "Outbound", "kafkamock", "bank", logging,
            ]),
        tests(
            "BankTests",
            [
                "InterestContract", "FixtureGeneration", "LoadDriver", "Reconciliation", "Outbound", "TestKit", "LegacyCore",
                "PayoutService", grdb, logging,
            ]),
        tests("LoadbenchTests", ["loadbench", nioCore, nioPosix]),
        tests(
            "EndToEndTests",
            [
                "TestKit", "Outbound", "RunRecords", "InterestContract", "bank", "countersign", "Verdicts", "SharedState",
                "Reports", nioCore,
                nioConcurrency,
            ]),
    ]
)
