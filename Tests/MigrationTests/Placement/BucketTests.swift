import Testing

@testable import Migration

@Suite("Buckets")
struct BucketTests {
    /// Computed by another implementation of HMAC-SHA256.
    static let vectors: [(salt: String, plan: String, key: String, bucket: Int)] = [
        ("countersign", "interest", "1000-0000-0001", 68367),
        ("countersign", "interest", "1000-0000-0002", 67035),
        ("s2", "interest", "1000-0000-0001", 83764),
        ("countersign", "other", "1000-0000-0001", 54731),
        ("", "p", "", 47442),
        ("소금", "이자", "계좌-1", 32070),
    ]

    @Test("a key's bucket is that of the published vectors", arguments: vectors)
    func vector(salt: String, plan: String, key: String, bucket: Int) {
        #expect(Bucket(key: key.utf8, plan: plan, salt: salt).index == bucket)
    }

    /// Placement by one share for everybody.
    private func placement(share: Int, rememberedMax: Int = 65_536) throws -> KeyPlacement {
        let table = PlacementTable(share: try #require(Share(thousandths: share)))
        return KeyPlacement(plan: "interest", salt: Salt("countersign"), table: table, rememberedMax: rememberedMax)
    }

    @Test("raising the share only adds keys, and nobody is moved at 0 or left at 100 %")
    func monotone() throws {
        let keys = (0..<2_000).map { "1000-0000-\($0)" }
        var before: Set<String> = []
        for share in [0, 1, 500, 1_000, 10_000, 50_000, 90_000, 99_999, 100_000] {
            var placement = try placement(share: share, rememberedMax: 64)
            let now = Set(keys.filter { placement.decide(key: $0, audience: 0).side == .candidate })
            #expect(now.isSuperset(of: before))
            if share == 0 { #expect(now.isEmpty) }
            if share == 100_000 { #expect(now.count == keys.count) }
            before = now
        }
    }

    @Test("a share of 10 % takes a tenth of many keys, within five standard deviations")
    func spread() throws {
        var placement = try placement(share: 10_000)
        let taken = (0..<20_000).filter { placement.decide(key: "key-\($0)", audience: 0).side == .candidate }.count
        #expect(abs(taken - 2_000) < 5 * 43)
    }

    @Test("no key means legacy; several keys go to the candidate only together")
    func keys() throws {
        var placement = try placement(share: 50_000)
        let all = (0..<100).map { "k\($0)" }
        let moved = all.filter { placement.decide(key: $0, audience: 0).side == .candidate }
        let movedKey = try #require(moved.first)
        let stayingKey = try #require(all.first { !moved.contains($0) })
        let answers = [[], [movedKey], [movedKey, stayingKey]].map { placement.decide(keys: $0, audience: 0).side }
        #expect(answers == [.legacy, .candidate, .legacy])
        var whole = try self.placement(share: 100_000)
        let wholeAnswers = [[], [movedKey, stayingKey]].map { whole.decide(keys: $0, audience: 0).side }
        #expect(wholeAnswers == [.legacy, .candidate])
    }
}
