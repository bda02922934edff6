import Comparison
import Migration
import NIOConcurrencyHelpers
import TestKit
import Testing
import Verdicts

@testable import ShadowProxy

/// What a rollout is told of the traffic.
@Suite struct RolloutFindingsTests {
    private func collected(
        step: Int, legacy: @escaping StubSide.Script = RolloutRig.script("legacy"),
        candidate: @escaping StubSide.Script = RolloutRig.script("candidate"), method: String = "GET",
        change: (inout ProxyPlan) -> Void = { _ in }
    ) async throws -> TrafficOutcome? {
        var outcomes: [TrafficOutcome] = []
        try await RolloutRig.with(RolloutRig.traffic(step: step), legacy: legacy, candidate: candidate, change: change) { rig in
            let target = method == "GET" ? "/v1/accounts/1" : "/v1/accounts/1/interest-payouts"
            _ = try await rig.side(method, target)
            _ = try await rig.settled()
            outcomes = await rig.proxy.collect().outcomes
            #expect(await rig.proxy.collect().outcomes.isEmpty)
        }
        #expect(outcomes.count <= 1)
        return outcomes.first
    }

    /// Whether the candidate answered a caller of the audience that moves: nobody in the shadow, the team alone at its stage, then everybody
    /// but the team.
    @Test(arguments: [
        (0, "payout-team", false), (1, "payout-team", true), (1, "", false), (3, "", true), (3, "payout-team", false),
    ])
    func itIsKnownWhomTheCandidateAnswered(step: Int, claim: String, isOfMovers: Bool) async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: step), change: { $0.trusted = true }) { rig in
            _ = try await rig.side("GET", "/v1/accounts/1", claim.isEmpty ? [] : [("X-Audience", claim)])
            _ = try await rig.settled()
            let outcomes = await rig.proxy.collect().outcomes
            #expect(outcomes.map(\.isOfMovers) == [isOfMovers])
        }
    }

    @Test(arguments: [0, 3])
    func aMatchIsOne(step: Int) async throws {
        let record = try #require(try await collected(step: step))
        #expect(record.operation == "account" && record.key != nil)
        #expect(record.comparison == .match && !record.candidateFailed && record.legacyFailed == false)
    }

    @Test(arguments: [0, 3])
    func aMismatchNamesItsPlaces(step: Int) async throws {
        let different: StubSide.Script = { _ in [.send(StubAnswer.json(200, #"{"net":2,"lines":[{"debit":1}]}"#))] }
        let same: StubSide.Script = { _ in [.send(StubAnswer.json(200, #"{"net":1,"lines":[{"debit":2}]}"#))] }
        let record = try #require(try await collected(step: step, legacy: same, candidate: different))
        #expect(!record.candidateFailed && record.legacyFailed == false)
        guard case .mismatch(let places) = record.comparison else { return #expect(Bool(false), "\(record)") }
        #expect(Set(places) == ["$.net", "$.lines[].debit"])
    }

    /// Who fails, at which step, what the caller asked: what is known of the two then.
    static let failures: [(step: Int, method: String, candidate: Int, legacy: Int, failed: Bool, legacyFailed: Bool?)] = [
        (0, "GET", 500, 200, true, false), (0, "GET", 200, 500, false, true), (0, "POST", 500, 200, true, false),
        (3, "GET", 500, 200, true, false), (3, "GET", 500, 500, true, true), (3, "GET", 404, 404, false, false),
        (3, "POST", 500, 200, true, nil), (3, "POST", 200, 500, false, true),
    ]

    @Test(arguments: failures.indices)
    func failuresAreToldBySide(index: Int) async throws {
        let row = Self.failures[index]
        let record = try #require(
            try await collected(
                step: row.step, legacy: RolloutRig.script("legacy", row.legacy),
                candidate: RolloutRig.script("candidate", row.candidate), method: row.method,
                change: { $0.limits.settleTriesMax = 0 }), "row \(index)")
        #expect(record.candidateFailed == row.failed, "row \(index)")
        #expect(record.legacyFailed == row.legacyFailed, "row \(index)")
    }

    @Test func aCandidateThatDoesNotAnswerHasFailed() async throws {
        for step in [0, 3] {
            let record = try #require(try await collected(step: step, candidate: { _ in [.reset] }))
            #expect(record.candidateFailed, "step \(step)")
        }
    }

    @Test func aMismatchRingsAndAMatchDoesNot() async throws {
        let rings = NIOLockedValueBox(0)
        let traffic = RolloutRig.traffic(step: 0) { $0.ring = { rings.withLockedValue { $0 += 1 } } }
        try await RolloutRig.with(traffic) { rig in
            _ = try await rig.side("GET", "/v1/accounts/1")
            _ = try await rig.settled()
            #expect(rings.withLockedValue { $0 } == 0)
            rig.candidate.follow(RolloutRig.script("candidate", 500))
            for _ in 0..<3 { _ = try await rig.side("GET", "/v1/accounts/1") }
            _ = try await rig.settled()
            // Once until somebody looks.
            #expect(rings.withLockedValue { $0 } == 1)
            #expect(await rig.proxy.collect().outcomes.count == 4)
            _ = try await rig.side("GET", "/v1/accounts/1")
            _ = try await rig.settled()
            #expect(rings.withLockedValue { $0 } == 2)
        }
    }

    @Test func theCandidatesBuildIsReadFromItsAnswers() async throws {
        try await RolloutRig.with(RolloutRig.traffic(step: 0) { $0.buildHeader = "X-Build" }) { rig in
            _ = try await rig.side("GET", "/v1/accounts/1")
            _ = try await rig.settled()
            #expect(await rig.proxy.collect().candidateBuild == "candidate-1")
        }
    }

    @Test func plantedMismatchesAreSeenWhateverTheRulesForgive() async throws {
        let forgiving = ResponseRules(rules: [Rule(path: try PathPattern("$"), action: .ignore)])
        for rules in [ResponseRules(), forgiving] {
            try await RolloutRig.with(
                RolloutRig.traffic(step: 0),
                change: { plan in for index in plan.operations.indices { plan.operations[index].rules = rules } }
            ) { rig in
                try await eventually("a control was planted") {
                    _ = try? await rig.side("GET", "/v1/accounts/1")
                    return await rig.proxy.collect().controls.planted > 0
                }
                let controls = await rig.proxy.collect().controls
                #expect(controls.seen == controls.planted)
                let books = try await rig.settled()
                #expect(books.count(.mismatch) == 0)
            }
        }
    }
}
