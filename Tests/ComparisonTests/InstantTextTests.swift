import Testing

@testable import Comparison

@Suite struct InstantTextTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-02-29T00:00:00z", 951_782_400),
        ("2026-03-02t00:30:00+09:00", 1_772_379_000), ("2026-03-01 15:30:00Z", 1_772_379_000),
        ("2026-03-01T10:00:00-05:30", 1_772_379_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ("2016-12-31T23:59:60Z", 1_483_228_800),
    ])
    func reads(text: String, seconds: Int) { #expect(InstantText(Array(text.utf8))?.seconds == seconds) }

    @Test(arguments: [
        "", "2026-03-02", "2026-03-02T00:30:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T00:60:00Z", "2026-03-02T00:00:61Z", "2026-03-02T00:00:00.Z",
        "2026-03-02T00:00:00+9:00", "2026-03-02T00:00:00+0900", "2026-03-02T00:00:00Z ",
        "2026-03-02T00:00:00.1234567890123456789Z",
        "2026-3-2T00:00:00Z", "+026-03-02T00:00:00Z",
    ])
    func refuses(text: String) { #expect(InstantText(Array(text.utf8)) == nil) }

    @Test func theEdgeIsExact() throws {
        let base = try #require(InstantText(Array("2026-01-01T00:00:00.999999999999999999Z".utf8)))
        let edge = try #require(InstantText(Array("2026-01-01T00:00:01.000999999999999999Z".utf8)))
        let beyond = try #require(InstantText(Array("2026-01-01T00:00:01.001Z".utf8)))
        #expect(base.isWithin(milliseconds: 1, of: edge) && edge.isWithin(milliseconds: 1, of: base))
        #expect(!base.isWithin(milliseconds: 1, of: beyond) && !beyond.isWithin(milliseconds: 1, of: base))
    }
}
