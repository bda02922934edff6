import Testing

@testable import Reports

@Suite("Numbers and values in words")
struct WordingTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1 000"), (-12_345, "−12 345"), (1_234_567, "1 234 567"),
        (.min, "−9 223 372 036 854 775 808"),
    ])
    func numbers(_ value: Int, _ text: String) { #expect(ReportText.grouped(value, by: " ") == text) }

    @Test(arguments: [
        (0, "0 µs"), (999, "999 µs"), (1_000, "1.00 ms"), (9_999, "9.99 ms"), (10_000, "10.0 ms"), (99_999, "99.9 ms"),
        (100_000, "100 ms"), (999_999, "999 ms"), (1_000_000, "1.00 s"), (1_720_000, "1.72 s"), (10_000_000, "10.0 s"),
        (61_500_000, "61.5 s"),
    ])
    func durations(_ microseconds: Int, _ text: String) { #expect(ReportText.duration(microseconds: microseconds) == text) }

    @Test(arguments: [
        (0, "0\u{202F}%"), (500, "0.5\u{202F}%"), (1, "0.001\u{202F}%"), (12_500, "12.5\u{202F}%"), (100_000, "100\u{202F}%"),
    ])
    func shares(_ thousandths: Int, _ text: String) { #expect(ReportText.share(thousandths: thousandths) == text) }

    @Test(
        "Values part where they part",
        arguments: [
            ("5479", "5480", "54", "79", "80", ""), ("a", "a", "a", "", "", ""), ("", "x", "", "", "x", ""),
            ("aa", "aaa", "aa", "", "a", ""),
            ("[1,2,3]", "[1,9,3]", "[1,", "2", "9", ",3]"), ("abab", "ab", "ab", "ab", "", ""),
        ])
    func contrast(_ legacy: String, _ candidate: String, _ head: String, _ left: String, _ right: String, _ tail: String) {
        let contrast = ValueContrast(legacy: legacy, candidate: candidate)
        #expect([contrast.head, contrast.legacy, contrast.candidate, contrast.tail] == [head, left, right, tail])
        #expect(contrast.head + contrast.legacy + contrast.tail == legacy)
        #expect(contrast.head + contrast.candidate + contrast.tail == candidate)
    }
}
