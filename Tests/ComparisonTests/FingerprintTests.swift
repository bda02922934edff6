import Comparison
import Testing

@Suite struct FingerprintTests {
    private func difference(
        _ path: String, _ generic: String, _ kind: DifferenceKind = .value, primary: String = "1", tolerated: Bool = false
    ) -> Difference {
        Difference(path: path, genericPath: generic, kind: kind, primary: primary, shadow: "2", tolerated: tolerated)
    }

    @Test func theHashIsTheSameInEveryVersion() {
        // Incidents outlive a release: a change of this value would split each of them in two.
        #expect(
            Fingerprint.of(operation: "payout", differences: [difference("$.netInterest", "$.netInterest")]) == "59b7c827d4235064"
        )
    }

    @Test func valuesIndicesOrderAndRepetitionTakeNoPart() {
        let one = difference("$.items[3].amount", "$.items[].amount")
        let same = difference("$.items[7].amount", "$.items[].amount", primary: "9")
        let other = difference("status", "status", .status)
        let fingerprint = Fingerprint.of(operation: "list", differences: [one, other])
        #expect(Fingerprint.of(operation: "list", differences: [other, same, one]) == fingerprint)
        #expect(fingerprint.count == 16)
    }

    @Test func operationPathKindAndToleranceTakePart() {
        let base = [difference("$.a", "$.a")]
        let fingerprint = Fingerprint.of(operation: "x", differences: base)
        #expect(Fingerprint.of(operation: "y", differences: base) != fingerprint)
        #expect(Fingerprint.of(operation: "x", differences: [difference("$.b", "$.b")]) != fingerprint)
        #expect(Fingerprint.of(operation: "x", differences: [difference("$.a", "$.a", .type)]) != fingerprint)
        #expect(Fingerprint.of(operation: "x", differences: []) != fingerprint)
        #expect(Fingerprint.of(operation: "x", differences: base + [difference("$.z", "$.z", tolerated: true)]) == fingerprint)
    }
}
