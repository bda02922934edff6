import Foundation
import Testing

@testable import Migration

@Suite("Instants and days")
struct InstantTests {
    @Test(
        "an instant is written as RFC 3339 in UTC",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_413_323_004, "2026-03-02T01:02:03.004Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ])
    func text(milliseconds: Int64, text: String) { #expect(Instant(milliseconds: milliseconds).description == text) }

    @Test("a day is the one that the calendar of Foundation says, over 400 years")
    func days() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: -73_000, through: 73_000, by: 97) {
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            let date = PlanDay(daysSince1970: day)
            #expect(
                date.description
                    == String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            #expect((date.weekday + 1) % 7 + 1 == parts.weekday)
            #expect(PlanDay(date.description) == date)
        }
    }

    @Test(
        "what is no day is none",
        arguments: [
            "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "26-01-01", "2026-1-01", "2026-01-01 ",
            "+026-01-01", "",
        ])
    func notADay(text: String) { #expect(PlanDay(text) == nil) }

    @Test(
        "times in words",
        arguments: [
            (0, "0 s"), (1, "1 s"), (1_000, "1 s"), (1_001, "2 s"), (61_000, "1 min 1 s"), (3_600_000, "1 h"),
            (90_061_000, "1 d 1 h"), (86_460_000, "1 d"),
        ] as [(Int64, String)])
    func duration(milliseconds: Int64, text: String) { #expect(DurationText.words(milliseconds: milliseconds) == text) }
}
