import Foundation
import InterestContract
import Outbound
import TestKit
import Testing

/// The program as scripts use it: what it prints, how it exits.
@Suite struct CommandTests {
    @Test(
        arguments: [
            (["drive"], 64, "--target"), (["drive", "--target", "http://127.0.0.1:1", "--mix", "views=1"], 64, "`views=1`"),
            (["drive", "--target", "nowhere", "--fixture", "@accounts", "--requests", "1"], 64, "`nowhere`"),
            (
                ["drive", "--target", "http://127.0.0.1:1", "--fixture", "@accounts", "--requests", "3", "--rate", "1000"], 3,
                "Nothing at"
            ),
            (["drive", "--target", "http://127.0.0.1:1", "--fixture", "/nowhere/a.jsonl"], 66, "/nowhere/a.jsonl"),
            (["reconcile", "--legacy", "/nowhere/l.db", "--payout", "/nowhere/p.db"], 3, "/nowhere/l.db"),
            (["reconcile", "--legacy", "/nowhere/l.db"], 64, "--payout"),
            (["legacy", "--fixture", "@bad", "--products", "@products"], 65, "fixture line 1"),
            (["legacy", "--fixture", "@accounts", "--products", "@bad"], 65, "no product TIER-100"),
            (["legacy", "--latency", "soon"], 64, "fixed:MS"), (["legacy", "--store", "postgres"], 64, "postgres"),
            (["legacy", "--port", "65536"], 64, "65535"), (["payout", "--fault", "no-such"], 64, "`no-such`"),
            (["tax-worker", "--store", "memory"], 64, "sqlite:PATH"),
            (["tax-worker", "--store", "sqlite:/nowhere/t.sqlite"], 66, "There is no database at /nowhere/t.sqlite"),
            (["reconcile", "--legacy", "sqlite:a.db", "--payout", "a.db"], 64, "the same books"),
            (["fixtures", "--count", "5"], 64, "at least"),
            (["fixtures", "--count", "500", "--out", "/nowhere/x"], 73, "/nowhere/x"), (["no-such"], 64, "no-such"),
        ] as [([String], Int32, String)])
    func refusesWithASentenceAndACode(arguments: [String], code: Int32, part: String) async throws {
        let folder = try TemporaryDirectory()
        let bad = try folder.write("{}\n", to: "bad")
        let files = [
            "@accounts": ProjectFolder.path("fixtures/accounts.jsonl"), "@products": ProjectFolder.path("fixtures/products.yaml"),
            "@bad": bad,
        ]
        let program = try ProgramUnderTest("bank", arguments.map { files[$0] ?? $0 })
        #expect(try await program.exit() == code)
        // What was written may arrive after the exit.
        try await eventually("`\(part)` in \(program.errors)") { program.errors.contains(part) }
    }

    @Test(arguments: ["legacy", "payout"])
    func aServiceAnnouncesItsPortAndEndsOnSIGTERM(service: String) async throws {
        let program = try ProgramUnderTest(
            "bank",
            [
                service, "--fixture", ProjectFolder.path("fixtures/accounts.jsonl"), "--products",
                ProjectFolder.path("fixtures/products.yaml"),
            ])
        let url = "http://127.0.0.1:" + (try await program.line(beginning: "listening on http://127.0.0.1:"))
        let client = OutboundClient()
        let answer = try await client.send(OutboundRequest(url: url + "/v1/accounts/1000-0000-2000"))
        #expect(answer.status == 200)
        #expect(try WireJSON(answer.body)["accountId"]?.string == "1000-0000-2000")
        client.close()
        program.signal(SIGTERM)
        #expect(try await program.exit() == 0)
    }

    @Test func fixturesGoToStandardOutputToo() async throws {
        let program = try ProgramUnderTest("bank", ["fixtures", "--count", "430"])
        #expect(try await program.exit() == 0)
        try await eventually("430 lines") { (try? FixtureAccount.lines(Array(program.output.utf8)).count) == 430 }
    }
}
