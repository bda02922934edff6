import Testing

@testable import Migration

@Suite("Freeze windows")
struct FreezeWindowTests {
    /// Midnight UTC of a day, plus so many minutes.
    private func instant(_ day: String, _ hour: Int, _ minute: Int = 0) throws -> Instant {
        let date = try #require(PlanDay(day))
        return Instant(milliseconds: Int64(date.daysSince1970) * 86_400_000 + Int64(hour * 60 + minute) * 60_000)
    }

    private func window(_ span: FreezeWindow.Span, zone: String = "Asia/Seoul") throws -> FreezeWindow {
        try #require(FreezeWindow(name: "w", zone: zone, span: span))
    }

    @Test("dates hold from midnight to midnight of the zone, both days included")
    func dates() throws {
        let from = try #require(PlanDay("2026-12-28"))
        let window = try window(.dates(from: from, through: from))
        // Seoul is nine hours ahead.
        #expect(try !window.contains(instant("2026-12-27", 14, 59)))
        #expect(try window.contains(instant("2026-12-27", 15)))
        #expect(try window.contains(instant("2026-12-28", 14, 59)))
        #expect(try !window.contains(instant("2026-12-28", 15)))
        #expect(window.description == "w: 2026-12-28 through 2026-12-28 (Asia/Seoul)")
    }

    @Test("a daily window may go over midnight; its end is not part of it")
    func daily() throws {
        let night = try window(.daily(from: 23 * 60 + 30, to: 60))
        // 23:29, 23:30, 00:59 and 01:00 in Seoul.
        #expect(try !night.contains(instant("2026-03-02", 14, 29)))
        #expect(try night.contains(instant("2026-03-02", 14, 30)))
        #expect(try night.contains(instant("2026-03-02", 15, 59)))
        #expect(try !night.contains(instant("2026-03-02", 16)))
        let noon = try window(.daily(from: 720, to: 780))
        #expect(try !noon.contains(instant("2026-03-02", 2, 59)))
        #expect(try noon.contains(instant("2026-03-02", 3)))
        #expect(try noon.contains(instant("2026-03-02", 3, 59)))
        #expect(try !noon.contains(instant("2026-03-02", 4)))
    }

    @Test("a weekly window may go over the week's end")
    func weekly() throws {
        let weekend = try window(.weekly(from: 4 * 1_440 + 18 * 60, to: 9 * 60))
        // 2026-03-06 is a Friday; Friday 18:00 to Monday 09:00 in Seoul.
        #expect(try !weekend.contains(instant("2026-03-06", 8, 59)))
        #expect(try weekend.contains(instant("2026-03-06", 9)))
        #expect(try weekend.contains(instant("2026-03-08", 20)))
        #expect(try weekend.contains(instant("2026-03-08", 23, 59)))
        #expect(try !weekend.contains(instant("2026-03-09", 0)))
        #expect(weekend.description == "w: each week Fri 18:00 to Mon 09:00 (Asia/Seoul)")
    }

    @Test("the zone's own changes of the clock are followed")
    func summerTime() throws {
        let morning = try window(.daily(from: 9 * 60, to: 10 * 60), zone: "Europe/Berlin")
        #expect(try morning.contains(instant("2026-03-28", 8)))
        #expect(try !morning.contains(instant("2026-03-28", 7)))
        // From the 29th on Berlin is two hours ahead.
        #expect(try morning.contains(instant("2026-03-29", 7)))
        #expect(try !morning.contains(instant("2026-03-29", 8)))
    }

    @Test("a zone that nobody knows is refused")
    func unknownZone() { #expect(FreezeWindow(name: "w", zone: "Asia/Busan2", span: .daily(from: 0, to: 1)) == nil) }
}
