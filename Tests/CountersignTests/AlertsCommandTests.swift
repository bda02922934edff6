import Comparison
import Foundation
import TestKit
import Testing
import Verdicts

@testable import Alerting

@Suite("Alert commands, by their exit status and what they say")
struct AlertsCommandTests {
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let program = try ProgramUnderTest("countersign", ["alerts"] + arguments)
        let status = try await program.exit()
        try await eventually("the end of the output") { !program.output.isEmpty || !program.errors.isEmpty }
        return (status, program.output, program.errors)
    }

    /// A state folder with one incident of `payout`, told to `ops`, which is disabled.
    private func state(_ folder: TemporaryDirectory) async throws -> (path: String, incident: Incident) {
        let path = folder.file("state")
        let database = try StateDatabase(directory: path)
        defer { database.close() }
        try database.migrate(AlertSchema.schema)
        let desk = IncidentDesk(
            settings: AlertSettings(
                channels: [AlertChannel(name: "ops", url: "http://127.0.0.1:1/")], legacyURL: "http://l", candidateURL: "http://c"
            ),
            wakeCourier: {})
        let evidence = Evidence(
            id: "0199aa01-0000-7000-8000-000000000001", recordedAtMicroseconds: 1_770_000_000_000_000, operation: "payout",
            keys: ["k"], verdict: .mismatch, persistence: .persistent, cascadeOf: nil,
            request: RecordedRequest(method: "GET", target: "/v1/x", headers: [], body: [], instant: "2026-03-02T00:00:00Z"),
            primary: RecordedAnswer(side: .legacy, status: 200, headers: [], body: [], latencyMicroseconds: 100),
            shadow: RecordedAnswer(side: .candidate, status: 200, headers: [], body: [], latencyMicroseconds: 100),
            differences: [
                Difference(path: "$.net", genericPath: "$.net", kind: .value, primary: "99", shadow: "100", severity: .critical)
            ])
        try await database.store.write { connection in
            try desk.observe([evidence], on: connection)
            try ChannelState.disable("ops", because: "HTTP 410", now: 1_770_000_000_000_000, connection)
        }
        let incident = try #require(try await AlertBook(store: database.store).incidents().first)
        return (path, incident)
    }

    @Test("show: by its id or its beginning, with its notices; one that is not there")
    func show() async throws {
        let folder = try TemporaryDirectory()
        let (state, incident) = try await state(folder)
        for id in [incident.id, String(incident.fingerprint.prefix(4))] {
            let shown = try await run(["show", id, "--state", state])
            #expect(shown.status == 0, "\(shown)")
            #expect(shown.output.contains("payout $.net  mismatch  99 ≠ 100  1×"), "\(shown)")
            #expect(shown.output.contains(incident.id) && shown.output.contains("clean since 0 comparisons"))
            #expect(shown.output.contains("ops  incident.opened  0 attempts  the channel is disabled: HTTP 410"), "\(shown)")
        }
        let missing = try await run(["show", "inc_0000", "--state", state])
        #expect(missing.status == 66 && missing.errors.contains("there is no one incident inc_0000"), "\(missing)")
    }

    @Test("silence: made, listed, ended once; nothing to silence, no reason, a duration that is none")
    func silence() async throws {
        let folder = try TemporaryDirectory()
        let (state, incident) = try await state(folder)
        func create(_ more: [String], reason: String = "fix at 9", duration: String = "6h") async throws -> (Int32, String) {
            let made = try await run(
                ["silence", "--author", "kim", "--reason", reason, "--for", duration, "--state", state] + more)
            return (made.status, made.output + made.errors)
        }
        #expect(try await run(["silence", "list", "--state", state]).output == "no silences\n")
        let made = try await create(["--operation", "payout"])
        #expect(made.0 == 0 && made.1.contains("silence 1 holds until"), "\(made)")
        #expect(try await create(["--incident", incident.id]).0 == 0)
        let listed = try await run(["silence", "list", "--state", state])
        #expect(listed.output.contains("2  \(incident.id)  until") && listed.output.contains("1  payout  until"), "\(listed)")
        #expect(listed.output.contains("kim: fix at 9"))
        let ended = try await run(["silence", "end", "1", "--author", "lee", "--state", state])
        #expect(ended.status == 0 && ended.output.contains("silence 1 has ended"), "\(ended)")
        let again = try await run(["silence", "end", "1", "--author", "lee", "--state", state])
        #expect(again.status == 66 && again.errors.contains("no silence 1 holds"), "\(again)")
        #expect(try await !run(["silence", "list", "--state", state]).output.contains("payout"))
        #expect(try await run(["silence", "list", "--all", "--state", state]).output.contains("ended by lee"))
        #expect(try await create([]).0 == 64)
        #expect(try await create(["--operation", "payout"], reason: " ").0 == 64)
        for (duration, status) in [("30d", Int32(0)), ("31d", 64), ("721h", 64), ("0m", 64), ("6", 64)] {
            #expect(try await create(["--operation", "payout"], duration: duration).0 == status, "\(duration)")
        }
        #expect(try await create(["--incident", "inc_0000"]).0 == 66)
        // A name of which there is no incident: it may come yet, and may be misspelled.
        for (operation, isKnown) in [("payout", true), ("payuot", false)] {
            let made = try await create(["--operation", operation])
            #expect(made.0 == 0 && made.1.contains("it silences nothing now; there are some of: payout") != isKnown, "\(made)")
        }
    }

    @Test("enable: a disabled channel once; list says which it is")
    func enable() async throws {
        let folder = try TemporaryDirectory()
        let (state, _) = try await state(folder)
        let listed = try await run(["list", "--state", state])
        #expect(listed.output.contains("countersign alerts enable ops") && listed.output.contains("HTTP 410"), "\(listed)")
        let enabled = try await run(["enable", "ops", "--state", state])
        #expect(enabled.status == 0 && enabled.output.contains("ops is used again"), "\(enabled)")
        let again = try await run(["enable", "ops", "--state", state])
        #expect(again.status == 66 && again.errors.contains("no channel ops is disabled"), "\(again)")
    }
}
