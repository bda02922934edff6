import Comparison
import ShadowProxy
import TestKit
import Testing
import Verdicts

/// What comparers of others overlook or mix up, each shown not to happen here.
@Suite("Peers' faults: what is seen and recorded") struct PeersBookkeepingTests {
    @Test(
        "mroki, Diffy and GoReplay record nothing when the shadow fails",
        arguments: [
            ("resets", [StubStep.reset], Verdict.shadowError), ("closes", [.close], .shadowError),
            ("breaks off", [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na".utf8)), .close], .shadowError),
            ("hangs", [.silence], .shadowTimeout),
        ])
    func aFailingShadowIsRecorded(what: String, steps: [StubStep], verdict: Verdict) async throws {
        try await withRig(
            candidate: { _ in steps }, change: { $0.candidate.answerTimeoutMs = verdict == .shadowTimeout ? 200 : 20_000 }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates?x").status == 200)
            let books = try await rig.settled()
            #expect(books.count(verdict) == 1, "\(what)")
            #expect(books.received == 1)
            let evidence = try #require(rig.evidence.all.first)
            #expect(evidence.verdict == verdict)
            #expect(evidence.request.target == "/v1/rates?x")
            #expect(evidence.primary?.status == 200)
            #expect(evidence.cause?.isEmpty == false)
        }
    }

    struct Pair: Sendable, CustomTestStringConvertible {
        let fault: String
        let legacy: String
        let candidate: String
        let path: String
        let kind: DifferenceKind

        var testDescription: String { "\(fault): \(legacy) and \(candidate)" }
    }

    static let pairs = [
        Pair(fault: "Hoverfly ignores added keys", legacy: #"{"a":1}"#, candidate: #"{"a":1,"b":2}"#, path: "$.b", kind: .added),
        Pair(fault: "Hoverfly ignores added keys", legacy: "[{}]", candidate: #"[{"b":null}]"#, path: "$[0].b", kind: .added),
        Pair(fault: "ProtoJSON takes null for absent", legacy: #"{"a":null}"#, candidate: "{}", path: "$.a", kind: .missing),
        Pair(fault: "ProtoJSON takes absent for null", legacy: "{}", candidate: #"{"a":null}"#, path: "$.a", kind: .added),
        Pair(fault: "ProtoJSON takes null for 0", legacy: #"{"a":null}"#, candidate: #"{"a":0}"#, path: "$.a", kind: .type),
    ]

    @Test("what differs is seen", arguments: pairs)
    func differencesAreSeen(_ pair: Pair) async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, pair.legacy))] },
            candidate: { _ in [.send(StubAnswer.json(200, pair.candidate))] }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").bodyText == pair.legacy)
            #expect(try await rig.settled().count(.mismatch) == 1)
            let differences = try #require(rig.evidence.all.first).differences
            #expect(differences.map(\.path) == [pair.path])
            #expect(differences.map(\.kind) == [pair.kind])
        }
    }

    @Test(
        "Diffy splits header values on commas: ours are compared whole",
        arguments: [("a, b", "a, b", 0), ("a, b", "b, a", 1), ("a,b", "a, b", 1), ("Tue, 24 Nov", "Tue, 25 Nov", 1)])
    func headersAreComparedWhole(legacy: String, candidate: String, mismatches: UInt64) async throws {
        try await withRig(
            legacy: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-List", legacy)]))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}", headers: [("X-List", candidate)]))] },
            change: { plan in
                for index in plan.operations.indices {
                    plan.operations[index].rules = ResponseRules(rules: [], headers: ["X-List"])
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/rates").header("X-List") == legacy)
            let books = try await rig.settled()
            #expect(books.count(.mismatch) == mismatches)
            #expect(rig.evidence.all.flatMap(\.differences).allSatisfy { $0.path == "header:x-list" && $0.primary == legacy })
        }
    }

    @Test("GoReplay's ids repeat within a connection, and pair what does not belong together")
    func idsAreUniqueAndPairsBelongTogether() async throws {
        let count = 40
        // The shadow answers odd requests of the pipeline late, so that answers come back out of order.
        let latch = Latch()
        try await withRig(
            candidate: { request in
                let answer = StubStep.send(StubAnswer.json(200, #"{"target":"\#(request.target)","shadow":true}"#))
                return request.target.hasSuffix("odd") ? [.await(latch), answer] : [answer]
            }, change: { $0.limits.recheckTriesMax = 0 }
        ) { rig in
            let caller = try await rig.caller()
            let targets = (0..<count).map { "/v1/rates?\($0)-\($0 % 2 == 0 ? "even" : "odd")" }
            try await caller.send(targets.flatMap { RawCaller.request("GET", $0) })
            for target in targets { #expect(try await caller.answer().bodyText.contains("\"\(target)\"")) }
            try await eventually("the even ones are compared") { rig.evidence.all.count == count / 2 }
            latch.open()
            #expect(try await rig.settled().count(.mismatch) == UInt64(count))
            let all = rig.evidence.all
            #expect(Set(all.map(\.id)).count == count)
            #expect(Set(all.map(\.request.target)) == Set(targets))
            for evidence in all {
                for answer in [evidence.primary, evidence.shadow] {
                    let body = String(decoding: try #require(answer).body, as: UTF8.self)
                    #expect(body.contains("\"\(evidence.request.target)\""))
                }
            }
        }
    }
}
