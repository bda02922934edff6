import Outbound
import TestKit
import Testing

@Suite("The client outside the hot path, over sockets")
struct OutboundClientTests {
    private func withClient<Value>(
        connectionsMax: Int = 256, _ body: (OutboundClient) async throws -> Value
    ) async throws -> Value {
        let client = OutboundClient(connectionsMax: connectionsMax, connectionsPerHostMax: connectionsMax)
        defer { client.close() }
        return try await body(client)
    }

    /// Why there was no answer; nil when there was one.
    private func code(_ client: OutboundClient, _ request: OutboundRequest) async -> OutboundError.Code? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a request travels as it stands, and the answer comes back whole")
    func exchange() async throws {
        let side = try await StubSide.start { _ in
            [
                .send(
                    StubAnswer.bytes(207, body: Array("body".utf8), headers: [("X-Two", "a"), ("X-Two", " b "), ("X-Empty", "")]))
            ]
        }
        try await withClient { (client: OutboundClient) async throws in
            let answer = try await client.send(
                OutboundRequest(
                    method: "PUT", url: "http://127.0.0.1:\(side.port)/a/../b?x=%20&y=[1]",
                    headers: [
                        ("X-Case", "Value"), ("x-empty", ""), ("Content-Length", "999"), ("Expect", "100-continue"),
                        ("Content-Type", "application/json"),
                    ], body: Array("{}".utf8)))
            #expect(answer.status == 207)
            #expect(answer.headers.map(\.0) == ["X-Two", "X-Two", "X-Empty", "Content-Length"])
            #expect(answer.headers.map(\.1) == ["a", "b", "", "4"])
            #expect(answer.body == Array("body".utf8))
            #expect(answer.totalMicroseconds > 0)
        }
        let seen = try #require(side.seen.first)
        #expect(seen.method == "PUT")
        #expect(seen.target == "/a/../b?x=%20&y=[1]")
        #expect(seen.bodyText == "{}")
        let lines = Set(seen.headers.map { $0.joined(separator: ": ") })
        #expect(
            lines == [
                "Host: 127.0.0.1:\(side.port)", "X-Case: Value", "x-empty: ", "Content-Type: application/json",
                "Content-Length: 2",
            ])
        try await side.shutdown()
    }

    @Test("methods and bodies are framed as they must be")
    func methods() async throws {
        let side = try await StubSide.start { request in
            request.method == "HEAD"
                ? [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".utf8))] : [.send(StubAnswer.json(200, "{}"))]
        }
        let url = "http://127.0.0.1:\(side.port)/"
        let methods = ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH", "PURGE"]
        try await withClient { (client: OutboundClient) async throws in
            for method in methods {
                #expect(try await client.send(OutboundRequest(method: method, url: url)).status == 200)
            }
            #expect(try await client.send(OutboundRequest(method: "GET", url: url, body: [1, 0, 2])).status == 200)
            #expect(try await client.send(OutboundRequest(method: "GET", url: url)).body == Array("{}".utf8))
        }
        #expect(side.seen.map(\.method) == methods + ["GET", "GET"])
        let lengths = side.seen.map { $0.header("content-length") }
        #expect(lengths == [nil, nil, nil, nil, "0", "0", "0", nil, "3", nil])
        #expect(side.seen[8].body == [1, 0, 2])
        #expect(side.connectionsAccepted == 1)
        try await side.shutdown()
    }

    @Test("a redirect is an answer like any other")
    func redirect() async throws {
        let side = try await StubSide.start { _ in
            [.send(StubAnswer.bytes(302, body: [], headers: [("Location", "http://127.0.0.1:1/elsewhere")]))]
        }
        try await withClient { (client: OutboundClient) async throws in
            let answer = try await client.send(OutboundRequest(url: "http://127.0.0.1:\(side.port)/"))
            #expect(answer.status == 302)
            #expect(answer.header("location") == "http://127.0.0.1:1/elsewhere")
        }
        #expect(side.seen.count == 1)
        try await side.shutdown()
    }

    @Test("interim answers and trailers leave no trace")
    func interim() async throws {
        let text =
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Trailer: y\r\n\r\n"
        let side = try await StubSide.start { _ in [.send(Array(text.utf8))] }
        try await withClient { (client: OutboundClient) async throws in
            let answer = try await client.send(OutboundRequest(url: "http://127.0.0.1:\(side.port)/"))
            #expect(answer.status == 200)
            #expect(answer.headers.map(\.0) == ["Transfer-Encoding"])
            #expect(answer.body == Array("ab".utf8))
        }
        try await side.shutdown()
    }

    @Test("the body's bound: as long as it is an answer, one byte more is an error")
    func tooLarge() async throws {
        let side = try await StubSide.start { _ in [.send(StubAnswer.chunked(200, ["12345", "67890"]))] }
        let url = "http://127.0.0.1:\(side.port)/"
        try await withClient { (client: OutboundClient) async throws in
            #expect(try await client.send(OutboundRequest(url: url, answerBytesMax: 10)).body.count == 10)
            #expect(await code(client, OutboundRequest(url: url, answerBytesMax: 9)) == .answerTooLarge)
        }
        try await side.shutdown()
    }

    @Test("each way to fail has its code")
    func failures() async throws {
        let part = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)
        let reset = try await StubSide.start { _ in [.send(part), .reset] }
        let short = try await StubSide.start { _ in [.send(part), .close] }
        let silent = try await StubSide.start { _ in [.silence] }
        let garbage = try await StubSide.start { _ in [.send(Array("no http at all\r\n\r\n".utf8)), .close] }
        let gone = try await StubSide.start { _ in [] }
        try await gone.goAway()
        try await withClient { (client: OutboundClient) async throws in
            func url(_ side: StubSide) -> String { "http://127.0.0.1:\(side.port)/" }
            #expect(await code(client, OutboundRequest(url: url(reset))) == .reset)
            #expect(await code(client, OutboundRequest(url: url(short))) == .reset)
            #expect(await code(client, OutboundRequest(url: url(garbage))) == .other)
            #expect(await code(client, OutboundRequest(url: url(gone))) == .refused)
            #expect(await code(client, OutboundRequest(url: url(silent), timeoutMs: 50)) == .timedOut)
            #expect(await code(client, OutboundRequest(url: "http://no-such-host.invalid/")) == .unresolvable)
            #expect(await code(client, OutboundRequest(url: "https://127.0.0.1:\(garbage.port)/")) == .tls)
        }
        for side in [reset, short, silent, garbage] { try await side.shutdown() }
    }

    @Test(
        "what can't be sent is not sent",
        arguments: [
            "", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "http://127.0.0.1:x/", "http://127.0.0.1/a b", "http:///",
            "http://127.0.0.1/\r\nX: y", "HTTPS//x",
        ])
    func badURLs(url: String) async throws {
        try await withClient { (client: OutboundClient) async throws in
            #expect(await code(client, OutboundRequest(url: url)) == .badURL)
        }
    }

    @Test("a header or method can't smuggle another header in")
    func smuggling() async throws {
        let headers = [("X", "a\r\nY: b"), ("X", "a\nb"), ("X\r\nY", "a"), ("", "a"), ("X Y", "a"), ("X:", "a"), ("X", "\0")]
        try await withClient { (client: OutboundClient) async throws in
            for header in headers {
                #expect(await code(client, OutboundRequest(url: "http://127.0.0.1:1/", headers: [header])) == .badURL)
            }
            #expect(await code(client, OutboundRequest(method: "GET /x", url: "http://127.0.0.1:1/")) == .badURL)
        }
    }

    @Test("an address outside the policy is refused before a byte is sent, by name and by number, pooled connection or not")
    func forbidden() async throws {
        let side = try await StubSide.start { _ in [.send(StubAnswer.json(200, "{}"))] }
        let url = "http://127.0.0.1:\(side.port)/"
        try await withClient { (client: OutboundClient) async throws in
            // Leaves a pooled connection behind, which must not serve the others.
            #expect(try await client.send(OutboundRequest(url: url)).status == 200)
            for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
                let request = OutboundRequest(url: "http://\(host):\(side.port)/", addressPolicy: .publicAnd([]))
                #expect(await code(client, request) == .addressForbidden, "\(host)")
            }
            #expect(await code(client, OutboundRequest(url: "http://169.254.169.254/latest/meta-data")) == .addressForbidden)
            #expect(try await client.send(OutboundRequest(url: url, addressPolicy: .pinned(["127.0.0.1"]))).status == 200)
            #expect(await code(client, OutboundRequest(url: url, addressPolicy: .pinned(["192.0.2.1"]))) == .addressForbidden)
        }
        #expect(side.seen.count == 2)
        try await side.shutdown()
    }

    @Test("200 at once over 10 connections: each gets its own answer, and connections are used again")
    func concurrent() async throws {
        let side = try await StubSide.start { [.send(StubAnswer.bytes(200, body: $0.body))] }
        try await withClient(connectionsMax: 10) { (client: OutboundClient) async throws in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let body = Array("\(index)".utf8)
                        let request = OutboundRequest(method: "POST", url: "http://127.0.0.1:\(side.port)/", body: body)
                        return try await client.send(request).body != body
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wrong == 0)
        }
        #expect(side.seen.count == 200)
        #expect(side.connectionsAccepted <= 10)
        try await side.shutdown()
    }

    @Test("a kept connection that died meanwhile is replaced in silence")
    func staleConnection() async throws {
        let ok = StubStep.send(StubAnswer.json(200, "{}"))
        let side = try await StubSide.start { $0.index == 0 ? [ok, .close] : [ok] }
        try await withClient { (client: OutboundClient) async throws in
            for _ in 0..<3 {
                #expect(try await client.send(OutboundRequest(url: "http://127.0.0.1:\(side.port)/")).status == 200)
            }
        }
        #expect(side.connectionsAccepted == 2)
        try await side.shutdown()
    }

    @Test("a cancelled task gives its request up, also when it is cancelled before it begins")
    func cancellation() async throws {
        let side = try await StubSide.start { _ in [.silence] }
        try await withClient { (client: OutboundClient) async throws in
            let request = OutboundRequest(url: "http://127.0.0.1:\(side.port)/", timeoutMs: 60_000)
            let task = Task { await code(client, request) }
            try await eventually("the request at the side") { side.seen.count == 1 }
            task.cancel()
            #expect(await task.value == .cancelled)
            let never = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await code(client, request)
            }
            #expect(await never.value == .cancelled)
        }
        try await side.shutdown()
    }

    @Test("close fails what is under way once, and what comes after")
    func closing() async throws {
        let side = try await StubSide.start { _ in [.silence] }
        let client = OutboundClient()
        let request = OutboundRequest(url: "http://127.0.0.1:\(side.port)/", timeoutMs: 60_000)
        let tasks = (0..<3).map { _ in Task { await code(client, request) } }
        try await eventually("three requests at the side") { side.seen.count == 3 }
        client.close()
        for task in tasks { #expect(await task.value == .closed) }
        #expect(await code(client, request) == .closed)
        client.close()
        try await side.shutdown()
    }
}
