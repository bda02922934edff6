import Foundation
import RunRecords
import TestKit
import Testing

/// Staging's job with real processes: suites on both services, shrinking, the gate.
@Suite("Matrices, end to end", .serialized)
struct MatrixTests {
    private func run(_ arguments: [String], _ folder: TemporaryDirectory) async throws -> (status: Int32, record: RunRecord) {
        let file = folder.file("run.json")
        let program = try ProgramUnderTest("countersign", ["matrix", "run"] + arguments + ["--json", file])
        let status = try await program.exit(within: 300)
        guard let data = FileManager.default.contents(atPath: file) else {
            throw TestTimeout("no record after status \(status): \(program.errors.suffix(500))")
        }
        return (status, try JSONDecoder().decode(RunRecord.self, from: data))
    }

    private func suite(_ name: String) -> String { ProjectFolder.path("fixtures/matrices/\(name).yaml") }

    struct Shrunk: Sendable, CustomTestStringConvertible {
        var fault: String
        var suite: String
        /// What has to stay other than its default.
        var cause: [DimensionValue]
        var difference: String
        var testDescription: String { fault }
    }

    @Test(
        "a seeded fault is found, and shrunk to its cause",
        arguments: [
            Shrunk(
                fault: "tax-on-combined-rate", suite: "money", cause: [], difference: "preview $.localIncomeTax"),
            Shrunk(
                fault: "treaty-without-rate", suite: "money", cause: [DimensionValue("tax", "TREATY")],
                difference: "preview $.incomeTax"),
            Shrunk(
                fault: "deposit-freeze-ignored", suite: "core", cause: [DimensionValue("deposit_freeze", "true")],
                difference: "deposit status"),
            Shrunk(
                fault: "utc-date", suite: "extended", cause: [DimensionValue("time", "08:59")], difference: "preview status"),
            Shrunk(
                fault: "cache-not-dropped-on-deposit", suite: "extended", cause: [DimensionValue("cache", "changed")],
                difference: "preview $.grossInterest"),
            Shrunk(
                fault: "reply-without-posting", suite: "core", cause: [], difference: "account $.balance"),
        ])
    func shrinks(_ expected: Shrunk) async throws {
        let folder = try TemporaryDirectory()
        let (status, record) = try await run(
            [suite(expected.suite), "--strength", "2", "--fault", expected.fault, "--shrink", "3"], folder)
        #expect(status == 1)
        #expect(record.totals.mismatched > 0)
        #expect(record.totals.errors == 0)
        let minimal = record.cases.compactMap(\.minimal)
        let found = try #require(
            minimal.first { one in
                one.differences.contains { "\($0.answer) \($0.path)" == expected.difference }
            })
        #expect(
            minimal.contains { $0.values == expected.cause },
            "\(minimal.map { $0.values.map { "\($0.dimension)=\($0.value)" } })")
        #expect(found.fixture.hasPrefix("{\"customer\":"))
        #expect(found.curl.contains { $0.contains("curl") && $0.contains("/v1/accounts/") })
    }

    @Test("two equal services by address, and the gate's word on the run")
    func byAddress() async throws {
        let folder = try TemporaryDirectory()
        let services = try ["legacy", "payout"].map { name in
            try ProgramUnderTest(
                "bank",
                [
                    name, "--port", "0", "--store", "memory", "--allow-fixtures", "--products",
                    ProjectFolder.path("fixtures/matrices/products.yaml"), "--fixture", "/dev/null",
                ])
        }
        let legacy = try await services[0].line(beginning: "listening on ")
        let candidate = try await services[1].line(beginning: "listening on ")
        let (status, record) = try await run(
            [suite("core"), "--strength", "2", "--legacy", legacy, "--candidate", candidate], folder)
        #expect(status == 0)
        #expect(record.totals.agreed == record.totals.planned)
        #expect(record.positiveControl?.fired == true)
        #expect(record.selfTest?.failures == [])

        let policy = try folder.write("compared: { operation-min: 5 }\n", to: "policy.yaml")
        let strict = try folder.write("compared: { operation-min: 100000 }\n", to: "strict.yaml")
        #expect(try await gate(policy, folder) == 0)
        #expect(try await gate(strict, folder) == 2)

        services[1].signal(SIGTERM)
        #expect(try await services[1].exit() == 0)
        let away = try await run(
            [suite("core"), "--strength", "2", "--legacy", legacy, "--candidate", candidate], folder)
        #expect(away.status == 3)
        #expect(away.record.unreachable.contains { $0.side == "candidate" })
        #expect(try await gate(policy, folder) == 3)
        services[0].signal(SIGTERM)
        #expect(try await services[0].exit() == 0)
    }

    private func gate(_ policy: String, _ folder: TemporaryDirectory) async throws -> Int32 {
        try await ProgramUnderTest("countersign", ["gate", "--policy", policy, folder.file("run.json")]).exit()
    }
}
