import TestKit
import Testing

@Suite("Scripted sides and raw callers") struct StubSideTests {
    @Test("what was asked and what was sent are recorded byte for byte")
    func records() async throws {
        let side = try await StubSide.start { _ in [.send(StubAnswer.chunked(200, ["ab", "c"]))] }
        let caller = try await RawCaller.connect(port: side.port)
        #expect(try await caller.call("POST", "/a?b", headers: [("X", "y,  z")], body: "body").bodyText == "abc")
        let seen = try #require(side.seen.first)
        #expect([seen.method, seen.target, seen.bodyText, seen.header("x") ?? ""] == ["POST", "/a?b", "body", "y,  z"])
        #expect(seen.headBytes + seen.body == RawCaller.request("POST", "/a?b", headers: [("X", "y,  z")], body: "body"))
        #expect(side.sent(0) == StubAnswer.chunked(200, ["ab", "c"]))
        try await side.shutdown()
    }

    @Test("an answer waits for its latch, and those behind it wait too")
    func latch() async throws {
        let latch = Latch()
        let side = try await StubSide.start { request in
            (request.target == "/first" ? [.await(latch)] : []) + [.send(StubAnswer.json(200, "\"\(request.target)\""))]
        }
        let caller = try await RawCaller.connect(port: side.port)
        try await caller.send(RawCaller.request("GET", "/first") + RawCaller.request("GET", "/second"))
        try await eventually("both were asked") { side.seen.count == 2 }
        #expect(side.sent(0).isEmpty && side.sent(1).isEmpty)
        latch.open()
        #expect(try await caller.answer().bodyText == "\"/first\"")
        #expect(try await caller.answer().bodyText == "\"/second\"")
        try await side.shutdown()
    }

    @Test("a side that went away refuses, and one that came back answers on the same port")
    func goesAndComesBack() async throws {
        let side = try await StubSide.start { _ in [.send(StubAnswer.json(200, "{}"))] }
        let before = try await RawCaller.connect(port: side.port)
        _ = try await before.call("GET", "/")
        try await side.goAway()
        #expect(try await before.untilClose().isEmpty)
        await #expect(throws: (any Error).self) { _ = try await RawCaller.connect(port: side.port) }
        try await side.comeBack()
        #expect(try await RawCaller.connect(port: side.port).call("GET", "/").status == 200)
        #expect(side.seen.count == 2)
        try await side.shutdown()
    }

    @Test("a wait that is not met fails with a sentence instead of hanging")
    func bounded() async throws {
        let side = try await StubSide.start { _ in [.silence] }
        let caller = try await RawCaller.connect(port: side.port)
        try await caller.send(RawCaller.request("GET", "/"))
        await #expect(throws: TestTimeout.self) { _ = try await caller.answer(within: 1) }
        await #expect(throws: TestTimeout.self) { try await eventually("never", within: 1) { false } }
        try await side.shutdown()
    }
}
