import Comparison
import Testing

@Suite struct PathPatternTests {
    @Test(arguments: [
        ("$.a", "$['a']"), ("$.a[]", "$.a[*]"), ("$.a[]", "$['a'][]"), (#"$['\u0061']"#, "$.a"), ("$..a", "$..['a']"),
        ("$.x-y", "$['x-y']"),
        (#"$['\ud83d\ude00']"#, "$.😀"),
    ])
    func differentSpellingsAreOnePath(left: String, right: String) throws {
        #expect(try PathPattern(left) == PathPattern(right))
        #expect(try PathPattern(left).description == left)
    }

    @Test(arguments: [
        ("", 0), ("a.b", 0), ("$a", 1), ("$.", 2), ("$.a.", 4), ("$.a[", 4), ("$.a[x]", 4), ("$.a[1", 5), ("$.a['b", 6),
        ("$.a['b'", 7),
        ("$....a", 3), ("$.a b", 3), (#"$['\x']"#, 4), (#"$['\u12']"#, 5), ("$.a]", 3), ("$.a[-1]", 4), ("$.a*", 3),
        ("$[99999999999]", 12),
    ])
    func errorsNameThePlace(text: String, offset: Int) {
        let error = #expect(throws: RuleSyntaxError.self) { try PathPattern(text) }
        #expect(error?.offset == offset, "\(error?.description ?? "")")
        #expect(error?.description.contains("character \(offset + 1)") == true)
    }
}
