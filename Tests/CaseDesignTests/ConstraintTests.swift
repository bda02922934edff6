import Testing

@testable import CaseDesign

/// What constraints mean: each as the rows of a small model that keep it.
@Suite struct ConstraintTests {
    private static let model = "N: 1, 2, 10\nM: 2, 10.0\nS: Ab, b, C\n"

    /// The valid rows as values in order, for a constraint.
    private static func rows(_ constraint: String) throws -> [String] {
        let model = try CaseModel(pict: Self.model + constraint, named: "m")
        return RandomModels.validRows(model).map { row in
            row.indices.map { model.parameters[$0].values[row[$0]].name }.joined(separator: " ")
        }
    }

    static let meanings: [(constraint: String, rows: Int, example: String, not: String)] = [
        // Numbers are compared as numbers, also between parameters and however they are written.
        ("[N] > 1 AND [N] < 9;", 6, "2 2 Ab", "10 2 Ab"),
        ("[N] = [M];", 6, "10 10.0 C", "1 2 C"),
        ("[N] = 1e1;", 6, "10 2 C", "1 2 C"),
        ("[N] >= [M];", 9, "10 2 C", "2 10.0 C"),
        ("[N] <= 2;", 12, "2 2 C", "10 2 C"),
        ("[N] <> 1;", 12, "2 2 C", "1 2 C"),
        // Texts without regard to case.
        ("[S] = \"AB\";", 6, "1 2 Ab", "1 2 b"),
        ("[s] < \"B\";", 6, "1 2 Ab", "1 2 b"),
        ("[S] IN {\"ab\", \"c\"};", 12, "1 2 C", "1 2 b"),
        ("[N] IN {2, 10};", 12, "2 2 C", "1 2 C"),
        ("[S] LIKE \"*B\";", 12, "1 2 b", "1 2 C"),
        ("[S] LIKE \"?b\";", 6, "1 2 Ab", "1 2 b"),
        // NOT binds closest, then AND, then OR.
        ("NOT [N] = 1 AND [S] = \"b\";", 4, "2 2 b", "1 2 C"),
        ("[N] = 1 OR [N] = 2 AND [S] = \"b\";", 8, "1 2 C", "2 2 C"),
        ("([N] = 1 OR [N] = 2) AND [S] = \"b\";", 4, "2 2 b", "1 2 C"),
        ("NOT ([N] = 1 OR [S] = \"b\");", 8, "2 2 C", "1 2 C"),
        // IF … THEN … ELSE.
        ("IF [N] = 1 THEN [S] = \"b\";", 14, "2 2 C", "1 2 C"),
        ("IF [N] = 1 THEN [S] = \"b\" ELSE [M] = 2;", 8, "10 2 C", "10 10.0 C"),
        ("if [N] = 1 then [S] = \"b\"; # and\n# more\n[M] = 2;", 7, "10 2 C", "10 10.0 C"),
    ]

    @Test(arguments: meanings) func aConstraintMeansWhatPictTakesItFor(
        _ constraint: String, _ count: Int, _ example: String, _ not: String
    ) throws {
        let rows = try Self.rows(constraint)
        #expect(rows.count == count && rows.contains(example) && !rows.contains(not), "\(rows)")
    }

    @Test func largeNumbersAreExact() throws {
        let model = try CaseModel(
            pict: "A: 9007199254740992, 9007199254740993\nB: 0, 1\nIF [A] > 9007199254740992 THEN [B] = 1;", named: "m")
        #expect(RandomModels.validRows(model) == [[0, 0], [0, 1], [1, 1]])
    }

    @Test(arguments: [
        ("*", "", true), ("*", "abc", true), ("a*", "ABC", true), ("a*c", "abc", true), ("a*c", "abd", false), ("?", "", false),
        ("??", "ab", true), ("**a", "ba", true), ("a", "ab", false), ("*a*b*", "xxaxxbxx", true), ("", "", true),
        ("", "a", false),
    ]) func wildcards(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(WildcardPattern(pattern).matches(text) == matches)
    }

    @Test func aWildcardIsNeverSlow() {
        let pattern = WildcardPattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
    }
}
