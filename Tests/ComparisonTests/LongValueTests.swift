import Comparison
import Testing

/// Values too long to be shown whole must still show where they differ.
@Suite struct LongValueTests {
    private func differences(_ primary: String, _ shadow: String) -> [Difference] {
        if case .different(let found) = compare(primary, shadow) { return found }
        return []
    }

    @Test(arguments: [49, 400, 5_000]) func aLateDifferenceIsShown(alike: Int) throws {
        let start = String(repeating: "가q", count: alike / 4)
        let found = try #require(differences(#"{"t":"\#(start)L"}"#, #"{"t":"\#(start)C"}"#).first)
        #expect(found.primary?.hasSuffix("L\"") == true)
        #expect(found.shadow?.hasSuffix("C\"") == true)
        #expect(found.primary != found.shadow)
        #expect(found.primary?.contains("\u{FFFD}") == false)
    }

    @Test func aShortCommonStartIsKept() throws {
        let found = try #require(differences(#"{"t":"abcL"}"#, #"{"t":"abcC"}"#).first)
        #expect(found.primary == #""abcL""#)
    }

    @Test func aValueThatGoesOnIsSeenToEndFirst() throws {
        let start = String(repeating: "q", count: 300)
        let found = try #require(differences(#"{"t":"\#(start)"}"#, #"{"t":"\#(start)more"}"#).first)
        #expect(found.primary != found.shadow)
        #expect(found.shadow?.hasSuffix("more\"") == true)
    }
}
