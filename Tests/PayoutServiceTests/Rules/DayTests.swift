import InterestContract
import Testing

@testable import PayoutService

@Suite struct DayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("2024-02-29", 19_782),
        ("2026-03-02", 20_514), ("1900-02-28", -25_509), ("1900-03-01", -25_508), ("9999-12-31", 2_932_896),
    ]) func aDateHasItsNumber(_ text: String, _ number: Int) throws {
        #expect(Day(Fixture.date(text)).number == number)
        #expect(try Day(number: number).civil.description == text)
    }

    /// Every day of the whole range follows the one before: an oracle that steps by months' lengths.
    @Test func daysFollowEachOther() throws {
        var number = Day(Fixture.date("1900-01-01")).number
        for year in 1900...9999 where year < 2110 || year % 97 == 0 {
            number = Day(Fixture.date("\(year)-01-01")).number
            for month in 1...12 {
                var day = 1
                while let date = CivilDate(year: year, month: month, day: day) {
                    #expect(Day(date).number == number)
                    let parts = Day(number: number).parts
                    #expect(parts == (year, month, day))
                    number += 1
                    day += 1
                }
            }
        }
    }

    @Test func beyondTheRangeThereIsNoDate() {
        #expect(throws: Problem.self) { try Day(number: 2_932_897).civil }
        #expect(throws: Problem.self) { try (Day(Fixture.date("1900-01-01")) - 1).civil }
    }

    @Test(arguments: [
        ("2026-03-01T14:59:59Z", "2026-03-01", "2026-03-01T23:59:59+09:00"),
        ("2026-03-01T15:00:00Z", "2026-03-02", "2026-03-02T00:00:00+09:00"),
        ("2026-03-02T00:00:00+09:00", "2026-03-02", "2026-03-02T00:00:00+09:00"),
        ("2026-03-01T23:59:59.999999999+09:00", "2026-03-01", "2026-03-01T23:59:59+09:00"),
        ("2026-03-01T05:00:00-10:00", "2026-03-02", "2026-03-02T00:00:00+09:00"),
        ("2026-03-02T18:00:00+18:00", "2026-03-02", "2026-03-02T09:00:00+09:00"),
        ("1969-12-31T15:00:00Z", "1970-01-01", "1970-01-01T00:00:00+09:00"),
        ("1960-06-30T14:59:59Z", "1960-06-30", "1960-06-30T23:59:59+09:00"),
    ]) func theBusinessDateIsTheKoreanOne(_ instant: String, _ date: String, _ stamp: String) throws {
        let written = try #require(WireInstant(instant))
        let seconds = CalendarPolicy.unixSeconds(written)
        #expect(try CalendarPolicy.plain.businessDay(seconds).civil.description == date)
        #expect(try CalendarPolicy.koreanStamp(seconds) == stamp)
    }
}
