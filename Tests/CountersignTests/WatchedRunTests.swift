import Foundation
import Outbound
import Reports
import TestKit
import Testing
import Verdicts

@testable import countersign

/// A stranger's first minute, and what is left of it.
@Suite("A run without a file", .timeLimit(.minutes(3)))
struct WatchedRunTests {
    private static func side(_ net: Int) async throws -> StubSide {
        try await StubSide.start { request in
            [.send(StubAnswer.json(200, request.target.hasPrefix("/same") ? "{\"net\":1}" : "{\"net\":\(net)}"))]
        }
    }

    private static func url(_ side: StubSide) -> String { "http://127.0.0.1:\(side.port)" }

    @Test("Says where to send traffic, shows the mismatch side by side, ends well, and leaves a report, an alert and a replay")
    func firstMinute() async throws {
        let folder = try TemporaryDirectory()
        let state = folder.file("state")
        let legacy = try await Self.side(2_329)
        let candidate = try await Self.side(2_330)
        let receiver = try await WebhookReceiver.start()
        let proxy = try ProgramUnderTest(
            "countersign",
            [
                "proxy", "--legacy", Self.url(legacy), "--candidate", Self.url(candidate), "--listen", "127.0.0.1:0", "--state",
                state,
                "--webhook", receiver.url,
            ])
        let listen = try await proxy.line(beginning: "countersign: listening on ")
        let admin = try await proxy.line(beginning: "countersign: admin on ")
        let client = OutboundClient()
        defer { client.close() }
        #expect(try await client.send(OutboundRequest(url: admin + "/readyz")).status == 200)
        for target in ["/same", "/same?again=1", "/differs"] {
            let answer = try await client.send(OutboundRequest(url: listen + target))
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == (target == "/differs" ? "{\"net\":2329}" : "{\"net\":1}"))
        }
        let post = try await client.send(OutboundRequest(method: "POST", url: listen + "/differs", body: Array("{}".utf8)))
        #expect(post.status == 200)
        try await eventually("the mismatch on the screen") { proxy.output.contains("2330") }
        #expect(proxy.output.contains("GET /differs"))
        let id = try #require(proxy.output.firstMatch(of: /countersign replay ([0-9a-f-]{36})/)).output.1

        let replay = try ProgramUnderTest("countersign", ["replay", String(id), "--state", state])
        #expect(try await replay.exit() == 1)

        #expect(try await receiver.notices(atLeast: 1).count == 1)
        proxy.signal(SIGTERM)
        #expect(try await proxy.exit() == 0)
        #expect(proxy.output.contains("stopped"))

        let report = try await ReportAssembly(state: state).report()
        #expect(report.isConserved && report.received == 4 && report.inFlight == 0)
        #expect(report.count(.match) == 2 && report.count(.mismatch) == 1 && report.count(.never) == 1)
        #expect(report.incidents.map(\.path) == ["$.net"])
        #expect(report.incidents.first?.sample?.differences.first?.candidate == "2330")
        #expect(Set(report.latencies.map(\.subject)) == Set(LatencyReport.Subject.allCases))
        #expect(report.finding.headline == "1 mismatch in 3 comparisons")
        // The candidate got copies of the reads alone.
        #expect(candidate.seen.allSatisfy { $0.method == "GET" })
    }
}
