import Migration
import RolloutTestKit
import Testing

@testable import RolloutControl

@Suite("What raises the share")
struct PromotionTests {
    @Test("A stage is proved in it, asked for by one, approved by others, and told of")
    func approved() async throws {
        let bench = try await Bench.started(.sample(approvals: [ApprovalDemand(role: "risk", number: 1)]))
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.promote, by: .kim, reason: "") }
        await bench.prove()
        #expect(bench.teller.kinds.last == .approval && bench.plane.share == 0)
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(bench.plane.share == 0)
        await #expect(throws: RolloutRefusal.self) {
            try await bench.controller.carryOut(.approve, by: Person(name: "Kim", role: "risk"), reason: "")
        }
        let status = try await bench.controller.carryOut(.approve, by: .mo, reason: "")
        #expect(bench.plane.share == 10_000 && status.stage == "staff 90/10" && status.verdict?.decision == .hold)
        #expect(
            bench.disk.actions == [
                "started", "promote-refused", "promotion-requested", "approve-refused", "approved", "promoted",
            ])
        #expect(bench.teller.told.last?.kind == .promotion && bench.teller.told.last?.head == bench.disk.head)
    }

    @Test("An automatic rollout goes by its evidence, each stage by its own")
    func automatic() async throws {
        let bench = try await Bench.started(automatic: true)
        for share in [10_000, 100_000, 150_000, 200_000] {
            bench.plane.addMatches(2)
            await bench.controller.look()
            let before = bench.plane.share
            #expect(before < share)
            await bench.prove()
            #expect(bench.plane.share == share)
        }
    }

    @Test("A stage in which nobody of its audience came is not over, whatever was compared; the shadow has no audience")
    func answered() async throws {
        let bench = try await Bench.started()
        bench.plane.addMatches(80, isOfMovers: false)
        await bench.controller.look()
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        bench.plane.addMatches(80, isOfMovers: false)
        await bench.controller.look()
        let refusal = await #expect(throws: RolloutRefusal.self) {
            try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        }
        #expect(refusal?.description.contains("answered nobody itself") == true)
        // One that failed is no answer.
        bench.plane.add([
            TrafficOutcome(
                operation: "payout", key: KeyMark(value: 500), candidateFailed: true, isOfMovers: true, legacyFailed: true)
        ])
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.promote, by: .kim, reason: "") }
        bench.plane.addMatches(1, from: 600)
        let status = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(status.stage == "staff 0/100")
    }

    @Test("An automatic rollout waits for its minimum, and goes when it has passed", arguments: [(59_999, 0), (60_000, 10_000)])
    func minimum(_ waitMs: Int64, _ share: Int) async throws {
        var plan = RolloutPlan.sample(stageMs: 60_000)
        plan.shadow = StageTimes(minimumMs: 60_000)
        let bench = try await Bench.started(plan, automatic: true)
        await bench.prove()
        bench.clock.advance(milliseconds: waitMs)
        await bench.controller.look()
        #expect(bench.plane.share == share)
    }

    @Test("A full disk stops a promotion, and nothing is half done", arguments: ["audit", "record"])
    func fullDisk(_ what: String) async throws {
        let bench = try await Bench.started()
        await bench.prove()
        bench.disk.fail([what])
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.promote, by: .kim, reason: "") }
        #expect(bench.plane.share == 0 && bench.controller.standing.stage == "shadow")
        bench.disk.fail([])
        await bench.controller.look()
        _ = try await bench.controller.carryOut(.promote, by: .kim, reason: "")
        #expect(bench.plane.share == 10_000)
    }

    @Test(
        "Evidence is void when the build or the rules change, and only when it is known that they do",
        arguments: [("b2", "r1", 2), ("b1", "r2", 2), ("b1", "r1", 1), ("", "r1", 1)])
    func basis(_ build: String, _ rules: String, _ attempt: Int) async throws {
        let bench = try await Bench.started()
        bench.plane.addMatches(5)
        await bench.controller.look()
        bench.plane.change { $0.basis = EvidenceBasis(candidateBuild: build, rules: rules) }
        await bench.controller.look()
        let status = await bench.controller.status()
        #expect(status.attempt == attempt && status.verdict?.operations.first?.comparisons == (attempt == 1 ? 5 : 0))
    }

    @Test("A build that is seen for the first time is the one that was there all along, also after a restart")
    func buildSeenLate() async throws {
        var bench = try Bench()
        bench.plane.change { $0.basis.candidateBuild = "" }
        _ = try await bench.controller.start()
        bench.plane.addMatches(5)
        for (build, isRestarted, rules, attempt) in [
            ("", false, "r1", 1), ("v1", false, "r1", 1), ("", true, "r1", 1), ("v1", false, "r1", 1), ("", false, "r2", 2),
            ("v2", false, "r2", 2),
        ] {
            if isRestarted {
                await bench.controller.finish()
                bench = try bench.again()
                bench.plane.change { $0.basis.candidateBuild = build }
                _ = try await bench.controller.start()
            }
            bench.plane.change { $0.basis = EvidenceBasis(candidateBuild: build, rules: rules) }
            await bench.controller.look()
            let status = await bench.controller.status()
            #expect(status.attempt == attempt, "\(build) \(rules)")
            #expect(status.verdict?.operations.first?.comparisons ?? 0 == (attempt == 1 ? 5 : 0), "\(build) \(rules)")
        }
        let voided = bench.disk.entries.filter { $0.action == "evidence-voided" }
        #expect(voided.map { $0.details["reason"] } == ["the comparison rules are others"])
        bench.plane.addMatches(1)
        await bench.controller.look()
        bench.plane.change { $0.basis.candidateBuild = "v3" }
        await bench.controller.look()
        #expect(await bench.controller.status().attempt == 3)
    }

    @Test("Outcomes that found no room are counted once, however often they are told of")
    func dropped() async throws {
        let bench = try await Bench.started()
        for dropped in [3, 3, 5] {
            bench.plane.change { $0.findings.dropped = dropped }
            await bench.controller.look()
            #expect(await bench.controller.status().outcomesDropped == dropped)
        }
    }

    @Test("Another build before anything was gathered spends no try")
    func basisBefore() async throws {
        let bench = try await Bench.started()
        bench.plane.change { $0.basis.candidateBuild = "b2" }
        await bench.controller.look()
        await bench.prove()
        let status = await bench.controller.status()
        #expect(status.attempt == 1 && status.verdict?.basis.candidateBuild == "b2" && status.verdict?.decision == .promote)
    }

    @Test("Another policy voids the evidence of the last run; another ladder is refused")
    func otherPlan() async throws {
        let bench = try await Bench.started()
        bench.plane.addMatches(5)
        await bench.controller.look()
        var plan = bench.plan
        for index in plan.audiences.indices { plan.audiences[index].promotion.perKeyMax = 3 }
        let next = try bench.again(plan)
        _ = try await next.controller.start()
        await next.controller.look()
        #expect(await next.controller.status().attempt == 2)
        plan.audiences[0].stages.removeFirst()
        #expect(throws: RolloutStartError.self) { try bench.again(plan) }
        #expect(throws: RolloutStartError.self) { try bench.again(.sample(name: "other")) }
    }

    @Test("A state of a newer form, a spoiled one, and a log without a state are refused in a sentence")
    func refusedStates() async throws {
        let bench = try await Bench.started()
        let record = String(decoding: try #require(bench.disk.file(RolloutFolder.recordName)), as: UTF8.self)
        let newer = record.replacing("\n  \"schema\" : 1,", with: "\n  \"schema\" : 2,")
        #expect(newer != record)
        for (text, says) in [(newer, "has schema 2"), ("{\"schema\":1}", "not as it was written"), (nil, "no rollout.json")]
            as [(String?, String)]
        {
            bench.disk.put(RolloutFolder.recordName, text.map { Array($0.utf8) })
            let error = #expect(throws: RolloutStartError.self) { try bench.again() }
            #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        }
    }

    @Test("Pause holds an automatic rollout, and resume lets it go on")
    func paused() async throws {
        let bench = try await Bench.started(automatic: true)
        _ = try await bench.controller.carryOut(.pause, by: .kim, reason: "month end")
        await bench.prove()
        #expect(bench.plane.share == 0)
        #expect(await bench.controller.status().holds == ["It is paused: month end. `resume` with a reason goes on."])
        await #expect(throws: RolloutRefusal.self) { try await bench.controller.carryOut(.resume, by: .kim, reason: "") }
        _ = try await bench.controller.carryOut(.resume, by: .kim, reason: "over")
        #expect(bench.plane.share == 10_000)
    }
}
