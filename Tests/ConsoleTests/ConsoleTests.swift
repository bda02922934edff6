import Console
import Foundation
import Outbound
import Synchronization
import Testing
import Verdicts

@Suite("The admin port")
struct ConsoleTests {
    @Test("Health, readiness, metrics and verdicts answer")
    func answers() async throws {
        try await withConsole(.sample(operation: "preview")) { url, client in
            #expect(try await client.send(OutboundRequest(url: url + "/healthz")).status == 200)
            #expect(try await client.send(OutboundRequest(url: url + "/readyz")).status == 200)
            let metrics = try await client.send(OutboundRequest(url: url + "/metrics"))
            #expect(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let verdicts = try await client.send(OutboundRequest(url: url + "/verdicts"))
            let answer = try JSONDecoder().decode(Verdicts.self, from: Data(verdicts.body))
            #expect(answer.conserved)
            #expect(answer.verdicts["match"] == 90 && answer.verdicts["never"] == 4 && answer.verdicts["shed"] == 0)
        }
    }

    @Test("A proxy that should get no traffic says why, with 503, and stays healthy")
    func unready() async throws {
        var reading = ConsoleReading.sample()
        reading.unreadyBecause = "the state folder can't be written"
        try await withConsole(reading) { url, client in
            let answer = try await client.send(OutboundRequest(url: url + "/readyz"))
            #expect(answer.status == 503)
            #expect(String(decoding: answer.body, as: UTF8.self) == "the state folder can't be written\n")
            #expect(try await client.send(OutboundRequest(url: url + "/healthz")).status == 200)
        }
    }

    @Test(
        "Resync takes a key as JSON and nothing else",
        arguments: [
            ("application/json", "{\"key\":\"k1\"}", 200), ("text/plain", "{\"key\":\"k1\"}", 415),
            ("application/json", "{}", 400),
            ("application/json", "k1", 400),
        ])
    func resync(_ type: String, _ body: String, _ status: Int) async throws {
        let taken = Mutex<[String]>([])
        try await withConsole(.sample(), resync: { key in taken.withLock { $0.append(key) } }) { url, client in
            let answer = try await client.send(
                OutboundRequest(method: "POST", url: url + "/resync", headers: [("Content-Type", type)], body: Array(body.utf8)))
            #expect(answer.status == status)
        }
        #expect(taken.withLock { $0 } == (status == 200 ? ["k1"] : []))
    }

    private struct Verdicts: Decodable {
        var conserved: Bool
        var verdicts: [String: Int]
    }

    private func withConsole(
        _ reading: ConsoleReading, resync: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (String, OutboundClient) async throws -> Void
    ) async throws {
        let source = Console.Source(
            read: { reading },
            resync: { key in
                resync(key)
                return true
            })
        try await ConsoleUnderTest.run(source, body)
    }
}
