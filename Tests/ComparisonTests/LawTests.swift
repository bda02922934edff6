import Comparison
import Testing

/// What holds of any two documents.
@Suite struct LawTests {
    private static let rounds = 1_500

    @Test func aDocumentEqualsItselfHoweverItsKeysAndSpacesStand() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<Self.rounds {
            let document = RandomJSON.any(&random)
            let (text, other) = (document.text(&random), document.permuted(&random).text(&random))
            #expect(compare(text, text) == .equalBytes)
            #expect(compare(text, other).isMatch, "\(text) | \(other)")
        }
    }

    @Test func mirroredComparisonsAreMirrored() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<Self.rounds {
            let (left, right) = (RandomJSON.any(&random), RandomJSON.any(&random))
            let (leftText, rightText) = (left.text(&random), right.text(&random))
            var rules = ResponseRules()
            rules.differencesMax = 10_000
            let there = Set(compare(leftText, rightText, rules).differences)
            let back = Set(compare(rightText, leftText, rules).differences.map(mirrored))
            #expect(there == back, "\(leftText) | \(rightText)")
        }
    }

    private func mirrored(_ difference: Difference) -> Difference {
        var mirrored = difference
        mirrored.primary = difference.shadow
        mirrored.shadow = difference.primary
        if difference.kind == .missing { mirrored.kind = .added }
        if difference.kind == .added { mirrored.kind = .missing }
        return mirrored
    }

    @Test func oneMutationIsFoundAtItsPathAndNowhereElseAndItsPathIsARuleForIt() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<Self.rounds {
            let document = RandomJSON.any(&random)
            let changed = document.mutated(&random)
            let (text, other) = (document.text(&random), changed.permuted(&random).text(&random))
            let outcome = compare(text, other)
            #expect(outcome.differences.count == 1, "\(text) | \(other)")
            let difference = try #require(outcome.differences.first)
            #expect(difference.kind == .value || difference.kind == .type)
            #expect(difference.shadow == #""the mutation""#)

            for path in [difference.path, difference.genericPath] {
                let ignoring = try rules([(path, .ignore)])
                #expect(compare(text, other, ignoring) == .equal, "\(path): \(text) | \(other)")
            }
        }
    }

    @Test func arraysAsSetsEqualTheirPermutations() throws {
        var random = SplitMix64(seed: 4)
        let sets = try rules([("$.set", .asSet)])
        for _ in 0..<300 {
            let elements = (0..<Int.random(in: 0...9, using: &random)).map { _ in RandomJSON.any(&random, depth: 2) }
            let one = RandomJSON.object([("set", .array(elements))]).text(&random)
            let other = RandomJSON.object([("set", .array(elements.shuffled(using: &random).map { $0.permuted(&random) }))]).text(
                &random)
            #expect(compare(one, other, sets).isMatch, "\(one) | \(other)")
            let fewer = RandomJSON.object([("set", .array(Array(elements.dropLast())))]).text(&random)
            if !elements.isEmpty { #expect(compare(one, fewer, sets).differences.map(\.kind) == [.missing]) }
        }
    }

    @Test func damagedBytesNeverCrashAndNeverCountAsEqual() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<Self.rounds {
            let body = Array(RandomJSON.any(&random).text(&random).utf8)
            var damaged = body
            if !damaged.isEmpty {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let there = compare(Answer(bytes: body), Answer(bytes: damaged))
            let back = compare(Answer(bytes: damaged), Answer(bytes: body))
            #expect(there.isMatch == back.isMatch)
            if there == .equalBytes { #expect(body == damaged) }
        }
    }
}
