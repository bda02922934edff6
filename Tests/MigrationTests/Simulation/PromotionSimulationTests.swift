import Testing

@testable import Migration

/// 10 000 runs of each setting. What is wrong must be at most what is promised, plus four standard deviations of the luck of so many
/// runs: 10 000·r + 4·√(10 000·r·(1−r)).
@Suite("Promotion, simulated")
struct PromotionSimulationTests {
    private static func policy(
        _ rates: [(good: Int, bad: Int)], alpha: Int, beta: Int, perKeyMax: Int = 1_000
    ) -> PromotionPolicy {
        PromotionPolicy(
            operations: rates.enumerated().map { index, rate in
                OperationRates(name: "o\(index)", good: SamplePlans.share(rate.good), bad: SamplePlans.share(rate.bad))
            }, alpha: SamplePlans.share(alpha), beta: SamplePlans.share(beta), perKeyMax: perKeyMax)
    }

    static let policies: [(String, PromotionPolicy)] = [
        ("1/10 % α5 β1", policy([(1_000, 10_000)], alpha: 5_000, beta: 1_000)),
        ("2/8 % α10 β5", policy([(2_000, 8_000)], alpha: 10_000, beta: 5_000)),
        ("0.5/5 % α1 β1", policy([(500, 5_000)], alpha: 1_000, beta: 1_000)),
        ("5/15 % α20 β20", policy([(5_000, 15_000)], alpha: 20_000, beta: 20_000)),
        ("3 operations", policy([(1_000, 10_000), (2_000, 12_000), (500, 8_000)], alpha: 10_000, beta: 5_000)),
        ("8 operations", policy(Array(repeating: (5_000, 25_000), count: 8), alpha: 10_000, beta: 10_000)),
        ("cap 1", policy([(2_000, 10_000)], alpha: 10_000, beta: 5_000, perKeyMax: 1)),
    ]

    /// Rates as a plan would have them take more comparisons, so they are tried without the repetitions.
    @Test("the rates of the documents keep their promises too")
    func documentedRates() {
        let policy = Self.policy([(100, 1_000)], alpha: 5_000, beta: 1_000)
        let rows = PromotionSimulation.settings(for: policy, named: "0.1/1 % α5 β1").filter { $0.tries == 1 }
            .map { PromotionSimulation(seed: 41).row(of: $0) }
        print(PromotionSimulation.table(rows))
        #expect(rows.count == 2 && rows.allSatisfy { $0.keepsPromise && $0.undecided == 0 })
    }

    @Test("false rejections stay below α, false promotions below β, over operations, tries and caps", arguments: policies.indices)
    func promises(index: Int) {
        let (name, policy) = Self.policies[index]
        let rows = PromotionSimulation.settings(for: policy, named: name).map { PromotionSimulation(seed: 42).row(of: $0) }
        print(PromotionSimulation.table(rows))
        for row in rows {
            #expect(row.keepsPromise, "\(row.setting.title): \(row.wrong) wrong, \(row.wrongMax) allowed")
            #expect(row.setting.isGood != row.setting.isBad)
            // A promise kept by never deciding would be none.
            #expect(row.undecided * 100 <= row.runs, "\(row.setting.title): \(row.undecided) undecided")
        }
    }

    @Test("a better candidate than good, and a worse one than bad, are wronged less")
    func beyondTheRates() {
        let policy = Self.policies[1].1
        let simulation = PromotionSimulation(seed: 3, runs: 2_000)
        let good = [2_000, 1_000].map {
            simulation.row(of: .init(title: "", policy: policy, trueRates: [SamplePlans.share($0)])).wrong
        }
        #expect(good[1] < good[0])
        let bad = [8_000, 12_000].map {
            simulation.row(of: .init(title: "", policy: policy, trueRates: [SamplePlans.share($0)])).wrong
        }
        #expect(bad[1] < bad[0])
    }

    /// Few keys, each either broken or not: without a cap the same keys are asked over and over, and what is one fact counts as many.
    @Test("without the cap of evidence per key the promise is broken where keys are broken altogether")
    func whyThereIsACap() {
        func row(cap: Int) -> PromotionSimulation.Row {
            let policy = Self.policy([(1_000, 5_000)], alpha: 10_000, beta: 5_000, perKeyMax: cap)
            return PromotionSimulation(seed: 5, runs: 2_000).row(
                of: .init(
                    title: "cap \(cap)", policy: policy, trueRates: [SamplePlans.share(5_000)], keys: 40,
                    keysAreAllOrNothing: true,
                    comparisonsMax: 2_000))
        }
        let without = row(cap: 1_000_000)
        #expect(!without.keepsPromise)
        let with = row(cap: 1)
        #expect(with.keepsPromise)
        // Forty keys are too few for a good verdict, and it says so.
        #expect(with.promoted == 0)
    }

    @Test("without the halving of each try a bad candidate gets through by asking often")
    func whyTriesCost() {
        let policy = Self.policies[3].1
        let worst = [policy.operations[0].bad]
        let runs = PromotionSimulation(seed: 6, runs: 2_000)
        let once = runs.row(of: .init(title: "", policy: policy, trueRates: worst, tries: 1))
        let often = runs.row(of: .init(title: "", policy: policy, trueRates: worst, tries: 12))
        #expect(often.keepsPromise)
        // Twelve tries at the first one's thresholds: one minus the twelfth power of not getting through.
        var atFullPrice = 1.0
        for _ in 0..<12 { atFullPrice *= 1 - Double(once.wrong) / 2_000 }
        #expect((1 - atFullPrice) * 2_000 > often.wrongMax)
    }

    @Test("a plan's policies are tried once each")
    func plan() {
        let table = PromotionSimulation.table(PromotionSimulation(seed: 1, runs: 20).rows(of: SamplePlans.plan()))
        #expect(table.split(separator: "\n").count == 1 + 4 + 1)
        #expect(table.contains("team: one bad, 6 tries") && !table.contains("all: "))
    }

    @Test("the same seed gives the same table; another one does not")
    func repeatable() {
        let setting = PromotionSimulation.settings(for: Self.policies[1].1, named: "x")[0]
        func table(_ seed: UInt64) -> String {
            PromotionSimulation.table([PromotionSimulation(seed: seed, runs: 200).row(of: setting)])
        }
        #expect(table(1) == table(1))
        #expect(table(1) != table(2))
    }
}
