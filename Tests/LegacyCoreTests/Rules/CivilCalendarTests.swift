import InterestContract
import Testing

@testable import LegacyCore

@Suite struct CivilCalendarTests {
    @Test(arguments: [
        ("2026-03-01", "2026-03-02"), ("2026-02-28", "2026-03-01"), ("2024-02-28", "2024-02-29"), ("2024-02-29", "2024-03-01"),
        ("2000-02-28", "2000-02-29"), ("2100-02-28", "2100-03-01"), ("2025-12-31", "2026-01-01"), ("2026-04-30", "2026-05-01"),
        ("2026-01-31", "2026-02-01"),
    ])
    func neighbours(of day: String, after: String) {
        #expect(CivilCalendar.dayAfter(Bank.date(day)) == Bank.date(after))
        #expect(CivilCalendar.dayBefore(Bank.date(after)) == Bank.date(day))
    }

    @Test func endsOfTheWire() {
        #expect(CivilCalendar.dayAfter(Bank.date("9999-12-31")) == nil)
        #expect(CivilCalendar.dayBefore(Bank.date("1900-01-01")) == nil)
    }

    /// Walking from 1970 and taking off whole years agree for two hundred years, and a day's neighbour's neighbour is itself.
    @Test func walkingAgreesWithCounting() throws {
        var date = Bank.date("1970-01-01")
        for count in 0..<Int64(73_000) {
            guard CivilCalendar.date(daysAfter1970: count) == date else {
                Issue.record("day \(count) is not \(date)")
                return
            }
            let after = try #require(CivilCalendar.dayAfter(date))
            guard CivilCalendar.dayBefore(after) == date else {
                Issue.record("the day before \(after) is not \(date)")
                return
            }
            date = after
        }
        #expect(CivilCalendar.date(daysAfter1970: -1) == nil)
        #expect(CivilCalendar.date(daysAfter1970: .max) == nil)
    }

    @Test(arguments: [
        ("2026-03-01T14:59:59Z", "2026-03-01T23:59:59+09:00"), ("2026-03-01T15:00:00Z", "2026-03-02T00:00:00+09:00"),
        ("2026-03-02T00:30:00+09:00", "2026-03-02T00:30:00+09:00"),
        ("2026-03-01T23:59:59.999999999+09:00", "2026-03-01T23:59:59+09:00"),
        ("2026-03-01T00:00:00-18:00", "2026-03-02T03:00:00+09:00"), ("2026-03-01T23:59:00-18:00", "2026-03-03T02:59:00+09:00"),
        ("2026-03-01T00:00:00+18:00", "2026-02-28T15:00:00+09:00"), ("2024-02-29T16:00:00Z", "2024-03-01T01:00:00+09:00"),
        ("2025-12-31T15:00:00Z", "2026-01-01T00:00:00+09:00"),
    ])
    func koreanTime(_ instant: String, korean: String) throws {
        let wire = try #require(WireInstant(instant))
        let time = try #require(KoreanTime(wire))
        #expect(time.text == korean)
        #expect("\(time.date)" == korean.prefix(10))
    }

    @Test(arguments: ["1900-01-01T00:00:00+18:00", "9999-12-31T23:00:00Z"])
    func outsideTheCalendar(_ instant: String) throws {
        let wire = try #require(WireInstant(instant))
        #expect(KoreanTime(wire) == nil)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T09:00:00+09:00"), (1_772_377_199, "2026-03-01T23:59:59+09:00"),
        (1_772_377_200, "2026-03-02T00:00:00+09:00"), (1_709_132_399, "2024-02-28T23:59:59+09:00"),
        (1_709_132_400, "2024-02-29T00:00:00+09:00"),
    ])
    func clock(_ seconds: Int64, korean: String) {
        #expect(KoreanTime(secondsSince1970: seconds)?.text == korean)
    }

    @Test func clockBeyondTheCalendar() {
        #expect(KoreanTime(secondsSince1970: .max) == nil)
        #expect(KoreanTime(secondsSince1970: -40_000) == nil)
        #expect(KoreanTime(secondsSince1970: 300_000_000_000) == nil)
    }

    @Test func storedDates() throws {
        for text in ["1900-01-01", "2024-02-29", "9999-12-31"] {
            #expect(try CivilDate(stored: Bank.date(text).stored) == Bank.date(text))
        }
        for number: Int64 in [0, 20_230_229, -20_260_301, .max, 202_603_010] {
            #expect(throws: BrokenBooks.self) { try CivilDate(stored: number) }
        }
    }
}
