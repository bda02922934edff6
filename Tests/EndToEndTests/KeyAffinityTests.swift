import Foundation
import NIOConcurrencyHelpers
import Outbound
import TestKit
import Testing

/// Two proxies behind nginx, configured as docs/operations.md says: all requests of one key go through the same one, and so reach both sides
/// in one order.
@Suite struct KeyAffinityTests {
    @Test func nginxKeepsAKeysRequestsAtOneProxy() async throws {
        let folder = try TemporaryDirectory()
        // Each proxy has two sides of its own, so that it shows what came through which.
        let proxies = try await [proxy("one", folder), proxy("two", folder)]
        let port = try LoopbackSocket.freePort()
        let nginx = try DisposableServer(
            script:
                "exec nginx -p '\(folder.path)' -c '\(folder.write(configuration(port, proxies.map(\.address)), to: "nginx.conf"))'",
            folder: folder.url.appendingPathComponent("nginx"), signal: "TERM")
        defer { nginx.stop() }
        let client = OutboundClient(connectionsMax: 16, connectionsPerHostMax: 16)
        defer { client.close() }
        try await eventually("nginx answering") {
            (try? await client.send(OutboundRequest(method: "GET", url: "http://127.0.0.1:\(port)/v1/accounts/warm")))?.status
                == 200
        }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask {
                    for number in 0..<40 {
                        let account = "K-\((caller * 7 + number) % 24)"
                        let answer = try await client.send(
                            OutboundRequest(
                                method: "POST", url: "http://127.0.0.1:\(port)/v1/accounts/\(account)/interest-payouts",
                                headers: [("Idempotency-Key", "\(account)-\(caller)-\(number)")]))
                        #expect(answer.status == 200)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await eventually("the candidates having seen all") {
            proxies.reduce(0) { $0 + $1.candidate.seen.count { $0.method == "POST" } } == 320
        }

        var received: [Int] = []
        for proxy in proxies {
            let metrics = try await client.send(OutboundRequest(method: "GET", url: proxy.admin + "/verdicts"))
            received.append(try JSONDecoder().decode(BankUnderTest.Verdicts.self, from: Data(metrics.body)).received)
        }
        #expect(received.allSatisfy { $0 > 40 }, "\(received)")
        for account in (0..<24).map({ "K-\($0)" }) {
            let orders = proxies.map { proxy in
                [proxy.legacy, proxy.candidate].map { side in
                    side.seen.filter { $0.target.hasPrefix("/v1/accounts/\(account)/") }.compactMap {
                        $0.header("Idempotency-Key")
                    }
                }
            }
            #expect(orders.allSatisfy { $0[0] == $0[1] }, "the sides saw \(account) in two orders")
            #expect(orders.count { !$0[0].isEmpty } == 1, "\(account) went through both proxies")
        }
        for proxy in proxies {
            proxy.program.signal(SIGTERM)
            #expect(try await proxy.program.exit() == 0)
        }
    }

    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".utf8)

    private struct Proxy: Sendable {
        let program: ProgramUnderTest
        let legacy: StubSide
        let candidate: StubSide
        let address: String
        let admin: String
    }

    private func proxy(_ name: String, _ folder: TemporaryDirectory) async throws -> Proxy {
        let legacy = try await StubSide.start { _ in [.send(KeyAffinityTests.answer)] }
        let candidate = try await StubSide.start { _ in [.send(KeyAffinityTests.answer)] }
        let configuration = try folder.write(
            """
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            state: \(folder.file(name))
            sides:
              legacy: { url: "http://127.0.0.1:\(legacy.port)" }
              candidate: { url: "http://127.0.0.1:\(candidate.port)" }
            operations:
              - { name: payout, method: POST, path: "/v1/accounts/{id}/interest-payouts", mode: mirrored-write, key: path.id, order: key }
            """, to: name + ".yaml")
        let program = try ProgramUnderTest("countersign", ["proxy", "--config", configuration])
        let url = try await program.line(beginning: "countersign: listening on ")
        return Proxy(
            program: program, legacy: legacy, candidate: candidate, address: url.replacingOccurrences(of: "http://", with: ""),
            admin: try await program.line(beginning: "countersign: admin on "))
    }

    /// The snippet of docs/operations.md with these proxies' addresses.
    private func configuration(_ port: Int, _ addresses: [String]) throws -> String {
        let text = try String(contentsOfFile: ProjectFolder.path("docs/operations.md"), encoding: .utf8)
        let snippet = try #require(
            text.components(separatedBy: "```nginx\n").dropFirst().first?.components(separatedBy: "```").first)
        #expect(snippet.contains("10.0.0.1:7000") && snippet.contains("10.0.0.2:7000"))
        let upstreams = snippet.replacingOccurrences(of: "10.0.0.1:7000", with: addresses[0])
            .replacingOccurrences(of: "10.0.0.2:7000", with: addresses[1])
        return """
            daemon off;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                \(upstreams)
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        proxy_pass http://countersign;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """
    }
}
