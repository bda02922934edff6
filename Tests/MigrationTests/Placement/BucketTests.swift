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

    @Test("raising the share only adds keys, and nobody is moved at 0 or left at 100 %")
    func monotone() {
        let keys = (0..<2_000).map { Array("1000-0000-\($0)".utf8) }
        var before: Set<[UInt8]> = []
        for share in [0, 1, 500, 1_000, 10_000, 50_000, 90_000, 99_999, 100_000] {
            var placement = SharePlacement(share: share, plan: "interest", salt: "countersign", rememberedMax: 64)
            let now = Set(keys.filter { placement.goesToCandidate(key: $0) })
            #expect(now.isSuperset(of: before))
            if share == 0 { #expect(now.isEmpty) }
            if share == 100_000 { #expect(now.count == keys.count) }
            before = now
        }
    }

    @Test("a share of 10 % takes a tenth of many keys, within five standard deviations")
    func spread() {
        var placement = SharePlacement(share: 10_000, plan: "interest", salt: "countersign")
        let taken = (0..<20_000).filter { placement.goesToCandidate(key: Array("key-\($0)".utf8)) }.count
        #expect(abs(taken - 2_000) < 5 * 43)
    }

    @Test("no key means legacy; several keys go to the candidate only together")
    func keys() throws {
        var placement = SharePlacement(share: 50_000, plan: "interest", salt: "countersign")
        let all = (0..<100).map { Array("k\($0)".utf8) }
        let moved = all.filter { placement.goesToCandidate(key: $0) }
        let movedKey = try #require(moved.first)
        let stayingKey = try #require(all.first { !moved.contains($0) })
        let answers = [
            placement.goesToCandidate(key: nil), placement.goesToCandidate(keys: []), placement.goesToCandidate(keys: [movedKey]),
            placement.goesToCandidate(keys: [movedKey, stayingKey]),
        ]
        #expect(answers == [false, false, true, false])
        var whole = SharePlacement(share: 100_000, plan: "interest", salt: "countersign")
        let wholeAnswers = [whole.goesToCandidate(key: nil), whole.goesToCandidate(keys: [movedKey, stayingKey])]
        #expect(wholeAnswers == [false, true])
    }
}
