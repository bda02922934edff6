import Comparison
import NIOCore
import Testing
import Verdicts

@testable import ShadowProxy

/// One request through a lane without a socket: the pools' dialler gives them channels in memory.
@Suite struct MemoryLaneTests {
    static func answer(_ body: String) -> String {
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func payout(ignoring path: String) throws -> OperationPlan {
        var payout = OperationPlan(
            name: "payout", method: "POST", pathTemplate: "/v1/accounts/{id}/interest-payouts", mode: .mirroredWrite)
        payout.keys = [.path("id")]
        payout.order = .key
        payout.rules = ResponseRules(rules: [Rule(path: try PathPattern(path), action: .ignore)])
        return payout
    }

    static let request = ByteBuffer(
        string: "POST /v1/accounts/1000-0000-0001/interest-payouts HTTP/1.1\r\nHost: bank\r\nIdempotency-Key: k-1\r\n"
            + "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"channel\":\"MOBILE\"}")

    // Not async: a lane in memory belongs to one thread.
    @Test(arguments: [("$.payoutId", Verdict.match), ("$.other", .mismatch)])
    func aMirroredWriteIsAnsweredAndCompared(ignored: String, verdict: Verdict) throws {
        let primary = Self.answer(#"{"payoutId":"LP1","netInterest":12981}"#)
        let lane = try MemoryLane(
            operations: [try Self.payout(ignoring: ignored)], legacy: primary,
            candidate: Self.answer(#"{"payoutId":"NP2","netInterest":12981}"#))
        lane.legacy.keepsRequests = true
        lane.candidate.keepsRequests = true
        for round in 1...2 {
            #expect(String(buffer: try lane.send(Self.request)) == primary)
            #expect(lane.legacy.requests.count == round)
            #expect(lane.candidate.requests.count == round)
        }
        #expect(lane.legacy.requests.allSatisfy { !$0.contains("X-Shadow-Mode") && $0.hasSuffix(#"{"channel":"MOBILE"}"#) })
        #expect(lane.candidate.requests.allSatisfy { $0.contains("X-Shadow-Mode: mirror") })
        #expect(lane.candidate.requests.allSatisfy { $0.hasSuffix(#"{"channel":"MOBILE"}"#) })
        let snapshot = lane.snapshot
        #expect(snapshot.count(verdict) == 2)
        #expect(snapshot.received == 2)
        #expect(snapshot.isConserved && snapshot.awaitingComparison == 0)
        #expect(snapshot.legacyConnections == 1 && snapshot.candidateConnections == 1)
    }
}
