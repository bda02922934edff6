import InterestContract
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        "2026-03-02", "2024-02-29", "2000-02-29", "1900-01-01", "9999-12-31", "2026-04-30", "2026-01-31",
    ])
    func readsAndWritesDatesThatExist(text: String) throws {
        let date = try #require(CivilDate(text))
        #expect(date.description == text)
    }

    @Test(arguments: [
        "2026-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32",
        "1899-12-31", "0000-01-01", "2026-3-02", "2026-03-2", "26-03-02", "2026/03/02", "2026-03-02 ", " 2026-03-02",
        "2026-03-02T00:00:00Z", "20260302", "", "+026-03-02", "2026-+3-02", "２０２６-03-02", "202a-03-02",
    ])
    func refusesEverythingElse(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func ordersByCalendar() throws {
        let texts = ["1999-12-31", "2024-02-28", "2024-02-29", "2024-03-01", "2024-12-31", "2025-01-01"]
        let dates = texts.compactMap { CivilDate($0) }
        #expect(dates.reversed().sorted().map(\.description) == texts)
    }
}

@Suite struct WireInstantTests {
    struct Case: Sendable {
        var text: String
        var date: String
        var time: [Int]
        var nanosecond: Int
        var offsetMinutes: Int
    }

    @Test(arguments: [
        Case(text: "2026-03-02T00:30:00+09:00", date: "2026-03-02", time: [0, 30, 0], nanosecond: 0, offsetMinutes: 540),
        Case(text: "2026-03-01T15:30:00Z", date: "2026-03-01", time: [15, 30, 0], nanosecond: 0, offsetMinutes: 0),
        Case(text: "2026-03-01t15:30:00z", date: "2026-03-01", time: [15, 30, 0], nanosecond: 0, offsetMinutes: 0),
        Case(
            text: "2026-03-01T23:59:59.9-05:30", date: "2026-03-01", time: [23, 59, 59], nanosecond: 900_000_000,
            offsetMinutes: -330),
        Case(
            text: "2026-03-01T23:59:59.123456789Z", date: "2026-03-01", time: [23, 59, 59], nanosecond: 123_456_789,
            offsetMinutes: 0),
        Case(text: "2026-03-01T23:59:59.000000001Z", date: "2026-03-01", time: [23, 59, 59], nanosecond: 1, offsetMinutes: 0),
        Case(text: "2026-03-01T12:00:00-00:00", date: "2026-03-01", time: [12, 0, 0], nanosecond: 0, offsetMinutes: 0),
        Case(text: "2026-03-01T12:00:00+18:00", date: "2026-03-01", time: [12, 0, 0], nanosecond: 0, offsetMinutes: 1_080),
    ])
    func readsInstants(it: Case) throws {
        let instant = try #require(WireInstant(it.text))
        #expect(instant.date.description == it.date)
        #expect([instant.hour, instant.minute, instant.second] == it.time)
        #expect(instant.nanosecond == it.nanosecond)
        #expect(instant.offsetMinutes == it.offsetMinutes)
    }

    @Test(arguments: [
        "", "2026-03-02", "2026-03-02T00:30:00", "2026-03-02 00:30:00Z", "2026-03-02T24:00:00Z", "2026-03-02T23:60:00Z",
        "2026-03-02T23:59:60Z", "2026-02-29T00:00:00Z", "2026-03-02T00:30Z", "2026-03-02T00:30:00.Z",
        "2026-03-02T00:30:00.1234567890Z", "2026-03-02T00:30:00+0900", "2026-03-02T00:30:00+09", "2026-03-02T00:30:00+18:01",
        "2026-03-02T00:30:00-18:01", "2026-03-02T00:30:00+09:60", "2026-03-02T00:30:00 +09:00", "2026-03-02T00:30:00Z ",
        "2026-03-02T00:30:00,5Z", "2026-03-02T-1:30:00Z", "1772379000",
    ])
    func refusesEverythingElse(text: String) {
        #expect(WireInstant(text) == nil)
    }
}
