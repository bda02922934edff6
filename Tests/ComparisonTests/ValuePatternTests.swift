import Comparison
import Testing

@Suite struct ValuePatternTests {
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "abcd", false), ("abc", "ab", false), ("", "", true), ("", "a", false),
        ("a*", "", true), ("a*", "aaaa", true), ("a+", "", false), ("a?b", "b", true), ("a?b", "aab", false),
        ("PAY-[0-9]{8}", "PAY-12345678", true), ("PAY-[0-9]{8}", "PAY-1234567", false), ("PAY-[0-9]{8}", "PAY-123456789", false),
        (#"\d+\.\d{2}"#, "12.50", true), (#"\d+\.\d{2}"#, "12x50", false), ("(MOBILE|ATM)", "ATM", true),
        ("(MOBILE|ATM)", "ATMX", false),
        ("a|b|c", "c", true), ("a|bc", "b", false), ("(ab|c)*d", "ababcd", true), ("(?:x|y){2,3}", "xyx", true),
        ("(?:x|y){2,3}", "xyxy", false),
        ("(?:x|y){2,3}", "x", false), ("x{2,}", "xxxxx", true), ("x{2,}", "x", false), ("^a$", "a", true), ("[^a-c]", "d", true),
        ("[^a-c]", "b", false),
        ("[]a]+", "]a", true), ("[a-]", "-", true), (#"[\d_]+"#, "1_2", true), (#"\w\s\W\S\D"#, "a -bx", true), (".", "한", true),
        ("[가-힣]+", "한글", true),
        (#"\."#, "x", false), (#"\$5"#, "$5", true),
    ])
    func matchesWholeValues(pattern: String, text: String, expected: Bool) throws {
        #expect(try ValuePattern(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "*a", "a**", "{2}", "a{2", "a{3,2}", "a{1001}", #"\"#, #"\b"#, #"\1"#, "(?=a)", "a^b", "a$b",
        "[z-a]", "((a{1000}){1000})",
    ])
    func refuses(pattern: String) {
        #expect(throws: RuleSyntaxError.self) { try ValuePattern(pattern) }
    }

    @Test func noPatternIsSlow() throws {
        // Ruinous for matchers that go back: (a*)*b on a long run of a.
        #expect(try !ValuePattern("(a*)*b").matches(String(repeating: "a", count: 4_000)))
        #expect(try ValuePattern("(a|a|a)*").matches(String(repeating: "a", count: 4_000)))
    }

    @Test(arguments: [(4_096, true), (4_097, false)])
    func longValuesNeverMatch(count: Int, expected: Bool) throws {
        #expect(try ValuePattern("a*").matches(String(repeating: "a", count: count)) == expected)
    }
}
