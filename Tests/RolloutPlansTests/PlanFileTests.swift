import Foundation
import Migration
import RuleFiles
import Testing

@testable import RolloutPlans

/// The files of the repository that these tests read.
enum RepositoryFiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let environment = ["COUNTERSIGN_SALT": "0123456789abcdef"]

    static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }
}

@Suite("A plan file that is right")
struct PlanFileTests {
    private func parse(_ text: String) throws -> RolloutPlan {
        try RolloutPlanFile.parse(text: text, named: "plan.yaml", environment: RepositoryFiles.environment)
    }

    @Test("the bank's plan is read as it is written")
    func bank() throws {
        let path = RepositoryFiles.root.appending(path: "fixtures/migration-plan.yaml").path
        let plan = try RolloutPlanFile.load(path: path, environment: RepositoryFiles.environment)
        #expect(RolloutPlanFile.complaints(path: path, environment: RepositoryFiles.environment) == [])
        #expect(plan.name == "interest-payout" && plan.lastStep == 19)
        #expect(plan.shadow == StageTimes(minimumMs: 259_200_000, maximumMs: 2_592_000_000))
        #expect(plan.audiences.map(\.name) == ["developers", "staff", "pilot", "all"])
        #expect(plan.audiences.map(\.claims) == [["team-payout"], ["staff", "contractor"], ["pilot-2026"], []])
        #expect(plan.audiences.map(\.takesEveryone) == [false, false, false, true])
        #expect(plan.audiences[0].keysExpected == 40)
        // Taken over from `stage`, but where a stage says otherwise.
        let first = try #require(plan.stage(at: 14))
        #expect(first.candidate.thousandths == 100)
        #expect(first.times == StageTimes(minimumMs: 86_400_000, maximumMs: 604_800_000))
        #expect(first.approvals == [ApprovalDemand(role: "operations"), ApprovalDemand(role: "risk", number: 2)])
        #expect(plan.stage(at: 15)?.approvals == [ApprovalDemand(role: "operations")])
        #expect(plan.stage(at: 16)?.approvals == [ApprovalDemand(role: "operations")])
        #expect(plan.stage(at: 16)?.times == StageTimes(minimumMs: 86_400_000, maximumMs: 604_800_000))
        #expect(plan.stage(at: 1)?.approvals == [])
        // An audience's own rates come on top of those of all.
        #expect(plan.audiences[0].promotion.operations.map(\.bad.thousandths) == [5_000, 5_000, 5_000, 5_000, 5_000])
        #expect(plan.audiences[0].promotion.perKeyMax == 20 && plan.audiences[1].promotion.perKeyMax == 10)
        #expect(plan.audiences[1].promotion.operations[0].good.thousandths == 100)
        #expect(plan.audiences[1].promotion.alpha.thousandths == 5_000 && plan.audiences[0].promotion.beta.thousandths == 1_000)
        #expect(plan.promotion(from: 0).criticalPlaces.count == 4)
        #expect(plan.rollback == RollbackPolicy(writtenKeys: .return))
        #expect(plan.retirement.count == 2 && plan.freezes.count == 3)
        #expect(plan.freezes.map(\.zone) == ["Asia/Seoul", "Asia/Seoul", "Asia/Seoul"])
    }

    @Test("the smallest plan; everything else has a default")
    func smallest() throws {
        let plan = try parse(
            """
            name: p
            salt: { env: COUNTERSIGN_SALT }
            audiences: [{ name: all, everyone: true, stages: [0.001, '12.5%', 100] }]
            promotion: { operations: { payout: {}, preview: { good-rate: 2%, bad-rate: 2.001% } } }
            rollback: { written-keys: keep }
            """)
        #expect(plan.audiences[0].stages.map(\.candidate.thousandths) == [1, 12_500, 100_000])
        let operations = plan.audiences[0].promotion.operations
        #expect(operations.map(\.name) == ["payout", "preview"])
        #expect(operations.map(\.good.thousandths) == [100, 2_000] && operations.map(\.bad.thousandths) == [1_000, 2_001])
        #expect(
            plan.rollback == RollbackPolicy(writtenKeys: .keep, failuresInARow: 5, errorRatio: 2, errorFalseAlarmEvery: 10_000))
        #expect(plan.shadow == StageTimes() && plan.freezes.isEmpty && plan.denied.isEmpty && plan.retirement.isEmpty)
    }

    @Test("keys that never move, and the salt, come from files beside the plan")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("# trustees\n1000-1 # why\n\n  1000-2 \n1000#3\t# a tab\n".utf8).write(to: folder.appending(path: "denied.txt"))
        try Data("fedcba9876543210\n".utf8).write(to: folder.appending(path: "salt.txt"))
        let text = """
            name: p
            salt: { file: salt.txt }
            denied-keys: denied.txt
            audiences: [{ name: all, everyone: true, stages: [100] }]
            promotion: { operations: payout }
            rollback: { written-keys: keep }
            """
        try Data(text.utf8).write(to: folder.appending(path: "plan.yaml"))
        let plan = try RolloutPlanFile.load(path: folder.appending(path: "plan.yaml").path, environment: [:])
        #expect(plan.denied == ["1000-1", "1000-2", "1000#3"])
        #expect(plan.salt == Salt("fedcba9876543210"))
    }

    @Test("what a person reads of it")
    func text() throws {
        let plan = try parse(
            """
            name: p
            salt: { env: COUNTERSIGN_SALT }
            shadow: { minimum: 3d }
            audiences:
              - { name: staff, claim: [s, t], keys: 200, answered-min: 0, stages: [{ candidate: 0.5, minimum: 1h, maximum: 1d, approvals: [ops, { role: risk, number: 2 }] }, 100] }
              - { name: all, everyone: true, stages: [100] }
            promotion: { operations: payout, critical-places: $.net }
            rollback: { written-keys: return }
            freeze: [{ name: nights, daily: 23:30 to 01:00 }]
            """)
        #expect(
            PlanText.render(plan) == """
                Plan p: 2 audiences, 3 stages

                step  candidate  stage                                   lasts                         approvals
                0     0 %        shadow: the candidate is only compared  at least 3 d                  none
                1     0.5 %      staff 99.5/0.5                          at least 1 h, told after 1 d  1 × ops, 2 × risk
                2     100 %      staff 0/100                             any time                      none
                3     100 %      all 0/100                               any time                      none
                      then the legacy goes on being compared until `retire`, which takes nobody's approval

                Audiences
                  staff: claim s or t, about 200 keys
                    a good candidate is rejected in at most 5 %, a bad one promoted in at most 1 % of cases; 10 comparisons of a key count
                    of each stage the candidate must have answered 0 calls of its own
                    payout: good up to 0.1 %, bad from 1 %; 586 comparisons without a mismatch promote, 663 in a second try
                    one mismatch rejects at `$.net`
                  all: everyone
                    a good candidate is rejected in at most 5 %, a bad one promoted in at most 1 % of cases; 10 comparisons of a key count
                    payout: good up to 0.1 %, bad from 1 %; 586 comparisons without a mismatch promote, 663 in a second try
                    one mismatch rejects at `$.net`

                Rollback
                  at a critical mismatch, a rejection, a silent positive control,
                  5 failures of the candidate in a row, or when it fails 2 times as often as the legacy
                  (one false alarm in 10000 requests that fail on one side alone)
                  keys that the candidate has written go back to the legacy

                Freeze windows
                  nights: each day 23:30 to 01:00 (Asia/Seoul)
                """)
    }
}
