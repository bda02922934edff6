import Testing

@testable import Migration

@Suite("What a plan must fulfil")
struct PlanCheckTests {
    @Test("the sample is sound")
    func sound() { #expect(SamplePlans.plan().complaints() == []) }

    private static func share(_ thousandths: Int) -> Share { SamplePlans.share(thousandths) }

    /// A change that spoils a sound plan, the key that is named, and words of the complaint.
    static let faults: [(String, @Sendable (inout RolloutPlan) -> Void, key: String, words: String)] = [
        ("no name", { $0.name = "" }, "name", "1 to 64"),
        ("a bar in the name", { $0.name = "a|b" }, "name", "`a|b`"),
        ("a long name", { $0.name = String(repeating: "a", count: 65) }, "name", "1 to 64"),
        ("a short salt", { $0.salt = Salt("123456789012345") }, "salt", "shorter than 16"),
        ("nobody", { $0.audiences = [] }, "audiences", "no audience"),
        ("two of a name", { $0.audiences[1].name = "team" }, "audiences[1].name", "stands twice"),
        ("no name of an audience", { $0.audiences[0].name = "" }, "audiences[0].name", "empty"),
        ("an end without everyone", { $0.audiences[1].takesEveryone = false }, "audiences[1]", "must take everyone"),
        (
            "everyone first",
            {
                $0.audiences[0].takesEveryone = true; $0.audiences[0].claims = []
            }, "audiences[0].everyone", "only the last"
        ),
        ("everyone with a claim", { $0.audiences[1].claims = ["x"] }, "audiences[1].claim", "needs no claim"),
        ("no claim", { $0.audiences[0].claims = [] }, "audiences[0]", "`claim` is missing"),
        ("a claim twice", { $0.audiences[0].claims = ["t", "t"] }, "audiences[0].claim", "belongs to `team`"),
        ("no stages", { $0.audiences[0].stages = [] }, "audiences[0].stages", "no stage"),
        ("a stage of 0", { $0.audiences[0].stages[0].candidate = .none }, "audiences[0].stages[0].candidate", "must rise"),
        (
            "a stage that repeats", { $0.audiences[1].stages[1].candidate = share(1_000) }, "audiences[1].stages[1].candidate",
            "must rise"
        ),
        (
            "a stage that falls", { $0.audiences[1].stages[1].candidate = share(999) }, "audiences[1].stages[1].candidate",
            "must rise"
        ),
        (
            "an end below 100", { $0.audiences[0].stages[1].candidate = share(99_999) }, "audiences[0].stages[1].candidate",
            "ends at 100"
        ),
        (
            "a maximum at the minimum", { $0.audiences[0].stages[0].times = StageTimes(minimumMs: 5, maximumMs: 5) },
            "audiences[0].stages[0].maximum", "not above the minimum"
        ),
        ("a maximum of the shadow", { $0.shadow = StageTimes(minimumMs: 5, maximumMs: 4) }, "shadow.maximum", "not above"),
        (
            "nobody of a role", { $0.retirement = [ApprovalDemand(role: "risk", number: 0)] }, "retirement.approvals[0].number",
            "from 1"
        ),
        (
            "a role twice", { $0.retirement = [ApprovalDemand(role: "r"), ApprovalDemand(role: "r")] },
            "retirement.approvals[1].role",
            "twice"
        ),
        ("no operation", { $0.audiences[0].promotion.operations = [] }, "audiences[0].promotion.operations", "no operation"),
        ("alpha 0", { $0.audiences[0].promotion.alpha = .none }, "audiences[0].promotion.alpha", "below 50 %"),
        ("alpha one half", { $0.audiences[0].promotion.alpha = share(50_000) }, "audiences[0].promotion.alpha", "found 50 %"),
        ("beta one half", { $0.audiences[0].promotion.beta = share(50_000) }, "audiences[0].promotion.beta", "found 50 %"),
        ("no part of a key", { $0.audiences[0].promotion.perKeyMax = 0 }, "audiences[0].promotion.per-key-max", "no evidence"),
        (
            "good as bad", { $0.audiences[0].promotion.operations[0].good = share(1_000) },
            "audiences[0].promotion.operations.payout.bad-rate", "not above the good one"
        ),
        (
            "good as nothing", { $0.audiences[0].promotion.operations[0].good = .none },
            "audiences[0].promotion.operations.payout.good-rate", "no number of comparisons"
        ),
        (
            "bad as all", { $0.audiences[0].promotion.operations[0].bad = .all },
            "audiences[0].promotion.operations.payout.bad-rate", "100 %"
        ),
        // ln 0.005 over ln 0.99 − ln 0.999 is 585.5, and 58 keys give 580.
        (
            "too few keys", { $0.audiences[0].keysExpected = 58 }, "audiences[0].promotion.operations.payout.bad-rate",
            "takes 586 comparisons"
        ),
        ("in a row never", { $0.rollback.failuresInARow = 0 }, "rollback.failures-in-a-row", "from 1"),
        ("a ratio of 1", { $0.rollback.errorRatio = 1 }, "rollback.error-ratio", "from 2"),
        ("alarms all the time", { $0.rollback.errorFalseAlarmEvery = 99 }, "rollback.error-false-alarm-every", "from 100"),
    ]

    @Test("each fault is named, and nothing else", arguments: faults.indices)
    func fault(index: Int) {
        let (title, spoil, key, words) = Self.faults[index]
        var plan = SamplePlans.plan()
        spoil(&plan)
        let found = plan.complaints()
        #expect(found.count == 1, "\(title): \(found)")
        #expect(found.first?.key == key, "\(title): \(found)")
        #expect(found.first?.message.contains(words) == true, "\(title): \(found)")
    }

    @Test("as many keys as the evidence takes are enough")
    func enoughKeys() {
        var plan = SamplePlans.plan()
        plan.audiences[0].keysExpected = 59
        #expect(plan.complaints() == [])
    }

    @Test("freeze windows must leave a minute of the week open")
    func alwaysFrozen() throws {
        let day = try #require(FreezeWindow(name: "day", span: .daily(from: 60, to: 1_439)))
        let night = try #require(FreezeWindow(name: "night", span: .daily(from: 1_439, to: 60)))
        let nearly = try #require(FreezeWindow(name: "nearly", span: .daily(from: 1_439, to: 59)))
        #expect(SamplePlans.plan(freezes: [day, nearly]).complaints() == [])
        #expect(SamplePlans.plan(freezes: [day, night]).complaints().map(\.key) == ["freeze"])
        let backwards = try #require(
            FreezeWindow(name: "b", span: .dates(from: PlanDay(daysSince1970: 2), through: PlanDay(daysSince1970: 1))))
        #expect(SamplePlans.plan(freezes: [backwards]).complaints().map(\.key) == ["freeze[0].dates"])
        #expect(SamplePlans.plan(freezes: [day, day]).complaints().map(\.key) == ["freeze[1].name"])
    }

    @Test("steps count through the audiences; shares of those before stay at their last")
    func steps() {
        let plan = SamplePlans.plan()
        #expect(plan.lastStep == 5)
        #expect(
            (0...6).map(plan.title) == ["shadow", "team 90/10", "team 0/100", "all 99/1", "all 50/50", "all 0/100", "shadow"])
        let shares = (0...5).map { plan.shares(at: $0).map(\.thousandths) }
        #expect(shares == [[0, 0], [10_000, 0], [100_000, 0], [100_000, 1_000], [100_000, 50_000], [100_000, 100_000]])
    }

    @Test("the salt shows nowhere")
    func hiddenSalt() {
        let plan = SamplePlans.plan()
        var dumped = ""
        dump(plan, to: &dumped)
        for text in ["\(plan)", String(reflecting: plan), dumped, PlanText.render(plan)] {
            #expect(!text.contains("0123456789abcdef"))
        }
    }
}
