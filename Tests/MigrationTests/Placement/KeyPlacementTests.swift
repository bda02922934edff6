import Testing

@testable import Migration

@Suite("Placement decisions")
struct KeyPlacementTests {
    /// At `all 99/1`: the team is through, everyone else is at one per cent.
    private func placement(
        step: Int = 3, killed: Bool = false, keeping: RollbackPolicy.WrittenKeys = .keep, denied: Set<String> = [],
        ledgerMax: Int = 100
    ) -> TestLane {
        let plan = SamplePlans.plan(writtenKeys: keeping, denied: denied)
        return TestLane(
            KeyPlacement(
                plan: plan.name, salt: plan.salt, table: PlacementTable(plan: plan, step: step, isKilled: killed),
                ledger: PlacementLedger(keysMax: ledgerMax)))
    }

    /// The first keys on either side of the share of everyone at a step.
    private func keys(step: Int = 3) throws -> (below: String, above: String) {
        let plan = SamplePlans.plan()
        let share = plan.shares(at: step)[1].thousandths
        let all = (0..<10_000).map { "k\($0)" }
        func isBelow(_ key: String) -> Bool { Bucket(key: key.utf8, plan: plan.name, salt: plan.salt.text).index < share }
        return (try #require(all.first(where: isBelow)), try #require(all.first { !isBelow($0) }))
    }

    @Test("the order is kill, deny list, ledger, audience, bucket")
    func order() throws {
        let (below, above) = try keys()
        let placement = placement(denied: ["denied"])
        for key in ["denied", above] { #expect(placement.note(key)) }
        func decide(_ key: String?, _ audience: Int) -> PlacementDecision { placement.decide(key: key, audience: audience) }
        #expect(decide("denied", 0) == PlacementDecision(.legacy, .denied))
        #expect(decide(above, 1) == PlacementDecision(.candidate, .writtenOnCandidate))
        #expect(decide(below, 1) == PlacementDecision(.candidate, .bucketBelowShare))
        #expect(decide(nil, 0) == PlacementDecision(.legacy, .noKey))
        #expect(decide("anything", 0) == PlacementDecision(.candidate, .bucketBelowShare))
        #expect(placement.forget(above))
        #expect(decide(above, 1) == PlacementDecision(.legacy, .bucketAboveShare))

        placement.update(PlacementTable(plan: SamplePlans.plan(writtenKeys: .keep), step: 1, isKilled: false))
        #expect(decide(below, 1) == PlacementDecision(.legacy, .audienceNotYet))
        #expect(placement.note(below))
        #expect(decide(below, 1) == PlacementDecision(.candidate, .writtenOnCandidate))
        #expect(decide("denied", 1) == PlacementDecision(.candidate, .writtenOnCandidate))

        placement.update(PlacementTable(plan: SamplePlans.plan(writtenKeys: .keep, denied: [below]), step: 5, isKilled: true))
        for key in [below, above, nil] { #expect(decide(key, 0) == PlacementDecision(.legacy, .killed)) }
        let expected: [PlacementDecision.Reason: Int] = [
            .killed: 3, .noKey: 1, .denied: 1, .writtenOnCandidate: 3, .audienceNotYet: 1, .bucketBelowShare: 2,
            .bucketAboveShare: 1,
        ]
        for reason in PlacementDecision.Reason.allCases {
            #expect(placement.inner.counts[reason] == expected[reason] ?? 0, "\(reason)")
        }
    }

    @Test("a share of exactly the bucket leaves the key, one thousandth more takes it")
    func bucketEdge() throws {
        for key in (0..<50).map({ "k\($0)" }) {
            var plan = SamplePlans.plan()
            let bucket = Bucket(key: key.utf8, plan: plan.name, salt: plan.salt.text).index
            for (share, side) in [(bucket, AnsweringSide.legacy), (bucket + 1, .candidate)] where share > 0 {
                plan.audiences[1].stages = [Stage(candidate: SamplePlans.share(share))]
                let placement = TestLane(
                    KeyPlacement(plan: plan.name, salt: plan.salt, table: PlacementTable(plan: plan, step: 3, isKilled: false)))
                #expect(placement.decide(key: key, audience: 1).side == side, "\(key)")
            }
        }
    }

    @Test("what the candidate has written stays when the share falls, unless the policy returns it", arguments: [true, false])
    func ledger(keeps: Bool) throws {
        let (below, _) = try keys()
        let placement = placement(keeping: keeps ? .keep : .return)
        #expect(placement.decide(key: below, audience: 1).side == .candidate)
        #expect(placement.note(below))
        #expect(!placement.note(below))
        placement.update(PlacementTable(plan: SamplePlans.plan(writtenKeys: keeps ? .keep : .return), step: 0, isKilled: false))
        let decision = placement.decide(key: below, audience: 1)
        #expect(
            decision == (keeps ? PlacementDecision(.candidate, .writtenOnCandidate) : PlacementDecision(.legacy, .audienceNotYet))
        )
    }

    @Test("several keys go to the candidate only together")
    func severalKeys() throws {
        let (below, above) = try keys()
        let placement = placement()
        #expect(placement.decide(keys: [below, below], audience: 1) == PlacementDecision(.candidate, .bucketBelowShare))
        #expect(placement.decide(keys: [above, above], audience: 1) == PlacementDecision(.legacy, .bucketAboveShare))
        #expect(placement.decide(keys: [below, above], audience: 1) == PlacementDecision(.legacy, .mixedKeys))
        #expect(placement.decide(keys: [above, below], audience: 1) == PlacementDecision(.legacy, .mixedKeys))
        #expect(placement.decide(keys: [], audience: 1) == PlacementDecision(.legacy, .noKey))
    }

    @Test("a full ledger lets no further key go over, and keeps those it has")
    func fullLedger() throws {
        let placement = placement(ledgerMax: 1)
        #expect(placement.decide(key: "a", audience: 0).side == .candidate)
        #expect(placement.note("a"))
        #expect(!placement.note("b"))
        #expect(placement.decide(key: "b", audience: 0) == PlacementDecision(.legacy, .ledgerFull))
        #expect(placement.decide(key: "a", audience: 0) == PlacementDecision(.candidate, .writtenOnCandidate))
        #expect(placement.forget("a"))
        #expect(placement.decide(key: "b", audience: 0).side == .candidate)
    }

    @Test("a caller belongs to the first audience that takes one of his claims, else to everyone")
    func audiences() {
        var plan = SamplePlans.plan()
        plan.audiences.insert(Audience(name: "staff", claims: ["s", "s2"], stages: [], promotion: SamplePlans.policy), at: 1)
        let table = PlacementTable(plan: plan, step: 0, isKilled: false)
        let cases: [([String], Int)] = [([], 2), (["x"], 2), (["s"], 1), (["s2"], 1), (["s", "t"], 0), (["t"], 0), ([""], 2)]
        for (claims, audience) in cases { #expect(table.audience(ofClaims: claims) == audience, "\(claims)") }
        #expect(table.isShadow)
    }

    @Test("an audience that nobody has is not yet", arguments: [-1, 2, Int.max])
    func strangeAudience(audience: Int) {
        let placement = placement(step: 5)
        #expect(placement.decide(key: "a", audience: audience) == PlacementDecision(.legacy, .audienceNotYet))
    }

    @Test("keys are told apart by their bytes, also where text takes them for one")
    func canonicalEquivalents() {
        let placement = placement(step: 4)
        let composed = "caf\u{e9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed)
        #expect(placement.mark(of: composed) != placement.mark(of: decomposed))
        #expect(placement.note(composed))
        #expect(!placement.holds(decomposed))
    }

    @Test("each step up only adds keys, whatever the plan, and memory changes no answer", arguments: [1, 2, 3] as [UInt64])
    func monotone(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var plan = SamplePlans.plan()
            plan.name = "p\(random.next() % 1_000)"
            for index in plan.audiences.indices {
                let shares = Set((0..<4).map { _ in Int.random(in: 1...99_999, using: &random) } + [100_000]).sorted()
                plan.audiences[index].stages = shares.map { Stage(candidate: SamplePlans.share($0)) }
            }
            let keys = (0..<200).map { _ in "key-\(random.next() % 100_000)" }
            var before: Set<String> = []
            for step in 0...plan.lastStep {
                let placement = TestLane(
                    KeyPlacement(
                        plan: plan.name, salt: plan.salt, table: PlacementTable(plan: plan, step: step, isKilled: false),
                        rememberedMax: 7))
                var now: Set<String> = []
                for key in keys {
                    for audience in 0...1 where placement.decide(key: key, audience: audience).side == .candidate {
                        now.insert("\(audience) \(key)")
                    }
                }
                #expect(now.isSuperset(of: before), "step \(step)")
                before = now
            }
            #expect(before.count == Set(keys).count * 2)
        }
    }
}

/// A placement that can be asked within an expectation.
private final class TestLane {
    var inner: KeyPlacement

    init(_ placement: KeyPlacement) { inner = placement }

    func decide(key: String?, audience: Int) -> PlacementDecision { inner.decide(key: key, audience: audience) }
    func decide(keys: [String], audience: Int) -> PlacementDecision { inner.decide(keys: keys, audience: audience) }
    func mark(of key: String) -> KeyMark { inner.mark(of: key) }
    func update(_ table: PlacementTable) { inner.update(table) }
    func note(_ key: String) -> Bool { inner.ledger.note(key) }
    func forget(_ key: String) -> Bool { inner.ledger.forget(key) }
    func holds(_ key: String) -> Bool { inner.ledger.holds(key) }
}
