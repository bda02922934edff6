import Foundation
import Outbound
import TestKit

/// The reference pair and the verifier between them, as processes of their own, with a webhook receiver.
final class BankUnderTest: Sendable {
    let folder: TemporaryDirectory
    let receiver: WebhookReceiver
    let legacy: ProgramUnderTest
    let payout: ProgramUnderTest
    let proxy: ProgramUnderTest
    let legacyURL: String
    let payoutURL: String
    let proxyURL: String
    let adminURL: String
    let client: OutboundClient
    private let proxyArguments: [String]

    var proxyPort: Int { URL(string: proxyURL)?.port ?? 0 }
    var stateDirectory: String { folder.file("state") }

    /// - Parameters:
    ///   - fault: one of the candidate's faults.
    ///   - limits: lines under `limits:` of the configuration.
    ///   - relay: puts something between the proxy and a service: gets its port, returns the port to use instead.
    static func start(
        fault: String? = nil, limits: [String] = [], candidateTimeout: String = "60s",
        legacyRelay: (@Sendable (Int) async throws -> Int)? = nil, payoutRelay: (@Sendable (Int) async throws -> Int)? = nil
    ) async throws -> BankUnderTest {
        let folder = try TemporaryDirectory()
        let receiver = try await WebhookReceiver.start()
        let legacy = try service("legacy", folder, port: 0)
        let payout = try service("payout", folder, port: 0, extra: fault.map { ["--fault", $0] } ?? [])
        let legacyURL = try await legacy.line(beginning: "listening on ")
        let payoutURL = try await payout.line(beginning: "listening on ")
        let legacySeen = try await legacyRelay?(port(legacyURL)) ?? port(legacyURL)
        let payoutSeen = try await payoutRelay?(port(payoutURL)) ?? port(payoutURL)
        let configuration = try folder.write(
            configuration(receiver: receiver.url, limits: limits, candidateTimeout: candidateTimeout), to: "countersign.yaml")
        let arguments = [
            "proxy", "--config", configuration, "--legacy", "http://127.0.0.1:\(legacySeen)", "--candidate",
            "http://127.0.0.1:\(payoutSeen)", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--state",
            folder.file("state"),
        ]
        let proxy = try ProgramUnderTest("countersign", arguments)
        return BankUnderTest(
            folder: folder, receiver: receiver, legacy: legacy, payout: payout, proxy: proxy, legacyURL: legacyURL,
            payoutURL: payoutURL,
            proxyURL: try await proxy.line(beginning: "countersign: listening on "),
            adminURL: try await proxy.line(beginning: "countersign: admin on "), proxyArguments: arguments)
    }

    private init(
        folder: TemporaryDirectory, receiver: WebhookReceiver, legacy: ProgramUnderTest, payout: ProgramUnderTest,
        proxy: ProgramUnderTest, legacyURL: String, payoutURL: String, proxyURL: String, adminURL: String,
        proxyArguments: [String],
        client: OutboundClient = OutboundClient()
    ) {
        self.folder = folder
        self.receiver = receiver
        self.legacy = legacy
        self.payout = payout
        self.proxy = proxy
        self.legacyURL = legacyURL
        self.payoutURL = payoutURL
        self.proxyURL = proxyURL
        self.adminURL = adminURL
        self.proxyArguments = proxyArguments
        self.client = client
    }

    static func port(_ url: String) -> Int { URL(string: url)?.port ?? 0 }

    static func service(_ name: String, _ folder: TemporaryDirectory, port: Int, extra: [String] = []) throws -> ProgramUnderTest
    {
        try ProgramUnderTest(
            "bank",
            [
                name, "--port", String(port), "--store", "sqlite:" + folder.file(name + ".sqlite"), "--fixture",
                ProjectFolder.path("fixtures/accounts.jsonl"), "--products", ProjectFolder.path("fixtures/products.yaml"),
            ] + extra)
    }

    /// The ready file for the bank, trusted, with the receiver in place of its channel.
    private static func configuration(receiver: String, limits: [String], candidateTimeout: String) throws -> String {
        let ready = try String(contentsOfFile: ProjectFolder.path("fixtures/countersign-bank.yaml"), encoding: .utf8)
        var plan = ready.range(of: "\nalerts:").map { String(ready[..<$0.lowerBound]) } ?? ready
        plan = plan.replacingOccurrences(
            of: "    url: http://127.0.0.1:7200", with: "    url: http://127.0.0.1:7200\n    answer-timeout: \(candidateTimeout)")
        return """
            limits:
            \((limits + ["catch-up-delay: 50ms"]).map { "  " + $0 }.joined(separator: "\n"))
            \(plan)
            alerts:
              group-wait: 0s
              channels:
                - { name: test, url: "\(receiver)", format: generic, secret: none, allow-http: true, allow-networks: 127.0.0.1 }

            """
    }

    /// A service again on the port and the books that it had.
    func restartPayout() throws -> ProgramUnderTest {
        try BankUnderTest.service("payout", folder, port: BankUnderTest.port(payoutURL))
    }

    /// The proxy again, over the state that it left.
    func restartProxy() async throws -> (program: ProgramUnderTest, url: String, admin: String) {
        let program = try ProgramUnderTest("countersign", proxyArguments)
        let url = try await program.line(beginning: "countersign: listening on ")
        return (program, url, try await program.line(beginning: "countersign: admin on "))
    }

    struct Verdicts: Decodable, Sendable {
        var received: Int
        var inFlight: Int
        var awaitingComparison: Int
        var conserved: Bool
        var verdicts: [String: Int]
        var keysBehind: Int
        var writesMissed: Int
        var keysUnverified: Int
        var keysDiverged: Int
        var boundsReached: [String: Int]

        func count(_ name: String) -> Int { verdicts[name] ?? 0 }
        /// Requests whose two answers were compared.
        var compared: Int { count("match") + count("tolerated") + count("mismatch") }
    }

    func verdicts(admin: String? = nil) async throws -> Verdicts {
        let answer = try await client.send(OutboundRequest(url: (admin ?? adminURL) + "/verdicts"))
        return try JSONDecoder().decode(Verdicts.self, from: Data(answer.body))
    }

    /// Waits until nothing is under way and nothing is behind.
    func settled(admin: String? = nil, within seconds: Int = 300) async throws -> Verdicts {
        try await eventually("every request with a verdict, and every missed write caught up", within: seconds) { [self] in
            let now = try await verdicts(admin: admin)
            return now.inFlight == 0 && now.awaitingComparison == 0 && now.keysBehind == 0 && now.writesMissed == 0
        }
        return try await verdicts(admin: admin)
    }

    struct Drive: Decodable, Sendable {
        struct Percentiles: Decodable, Sendable {
            var p50: Int
            var p99: Int
            var max: Int
        }

        var planned: Int
        var answered: Int
        var moneyAnswers: Int
        var failures: [String: Int]
        var answers: [String: Int]
        var latency: Percentiles
        var businessTo: String
    }

    /// `bank drive` through the proxy.
    func drive(_ arguments: [String], within seconds: Int = 240) async throws -> Drive {
        let file = folder.file("drive-\(UUID().uuidString).json")
        let program = try ProgramUnderTest(
            "bank",
            ["drive", "--target", proxyURL, "--fixture", ProjectFolder.path("fixtures/accounts.jsonl"), "--json", file]
                + arguments)
        let status = try await program.exit(within: seconds)
        guard status == 0 else { throw TestTimeout("bank drive ended with \(status): \(program.errors.suffix(1_000))") }
        return try JSONDecoder().decode(Drive.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    /// `bank reconcile`: its exit status, and the accounts whose books differ.
    func reconcile() async throws -> (status: Int32, accounts: Set<String>) {
        struct Report: Decodable {
            struct Difference: Decodable { var account: String? }
            var differences: [Difference]
        }
        let file = folder.file("reconcile-\(UUID().uuidString).json")
        let program = try ProgramUnderTest(
            "bank",
            ["reconcile", "--legacy", legacyURL, "--payout", payoutURL, "--wait", "60s", "--list", "100000", "--json", file])
        let status = try await program.exit(within: 120)
        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        return (status, Set(report.differences.compactMap(\.account)))
    }

    /// The keys that `countersign report` lists as unverified.
    func unverifiedKeys() async throws -> Set<String> {
        struct Report: Decodable {
            struct Key: Decodable {
                var key: String
                var standing: String
            }
            var keys: [Key]
        }
        let file = folder.file("report-\(UUID().uuidString).json")
        let program = try ProgramUnderTest(
            "countersign", ["report", "--format", "json", "--state", stateDirectory, "--out", file])
        let status = try await program.exit(within: 60)
        guard status == 0 else { throw TestTimeout("countersign report ended with \(status): \(program.errors.suffix(1_000))") }
        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        return Set(report.keys.filter { $0.standing == "unverified" }.map(\.key))
    }

    /// Ends everything; the programs are killed with their owners.
    func shutdown() async throws {
        client.close()
        try await receiver.side.shutdown()
    }
}
