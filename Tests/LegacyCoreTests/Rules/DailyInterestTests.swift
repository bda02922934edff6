import InterestContract
import Testing

@testable import LegacyCore

@Suite struct DailyInterestTests {
    private func gross(
        _ rows: [(String, Int64)], pots: Int64 = 0, _ schedules: [RateSchedule], _ from: String, _ until: String
    ) -> Int64? {
        DailyInterest(
            rows: rows.map { DailyBalance(valuedOn: Bank.date($0.0), closing: $0.1) }, pots: pots, schedules: schedules,
            from: Bank.date(from), until: Bank.date(until)
        ).gross
    }

    /// One day on either side of each band's edge; the sums in won × ppm.
    @Test(arguments: [
        (Int64(0), Int64(0)), (-1, 0), (1, 23_000), (49_999_999, 1_149_999_977_000), (50_000_000, 1_150_000_000_000),
        (50_000_001, 1_150_000_040_000), (80_000_000, 2_350_000_000_000),
    ])
    func bandEdges(_ balance: Int64, earned: Int64) throws {
        let bands = [RateBand(upTo: 50_000_000, ppm: 23_000), RateBand(upTo: nil, ppm: 40_000)]
        #expect(DailyInterest.earned(on: Int128(balance), bands: bands) == Int128(earned))
    }

    @Test(arguments: [(Int64(99), Int64(99)), (100, 100), (101, 102), (200, 300), (201, 303), (1_000, 2_700)])
    func threeBands(_ balance: Int64, earned: Int64) {
        let bands = [RateBand(upTo: 100, ppm: 1), RateBand(upTo: 200, ppm: 2), RateBand(upTo: nil, ppm: 3)]
        #expect(DailyInterest.earned(on: Int128(balance), bands: bands) == Int128(earned))
    }

    @Test func oneFloorOverAllBandsAndDays() throws {
        let tier = [try Bank.schedule("2020-01-01", [(50_000_000, 23_000), (nil, 40_000)])]
        #expect(gross([("2025-01-01", 80_000_000)], tier, "2026-03-01", "2026-03-02") == 6_438)
        let flat = [try Bank.schedule("2020-01-01", [(nil, 20_000)])]
        #expect(gross([("2025-01-01", 2_000_000)], flat, "2026-01-31", "2026-03-02") == 3_287)
    }

    @Test func leapDayIsADayOf365() throws {
        let flat = [try Bank.schedule("2020-01-01", [(nil, 20_000)])]
        #expect(gross([("2023-01-01", 100_000_000)], flat, "2024-02-29", "2024-03-01") == 5_479)
        // 366 days of a leap year earn more than the yearly rate.
        #expect(gross([("2023-01-01", 36_500_000)], flat, "2024-01-01", "2025-01-01") == 732_000)
        #expect(gross([("2023-01-01", 36_500_000)], flat, "2025-01-01", "2026-01-01") == 730_000)
    }

    @Test func scheduleBeginsOnItsDay() throws {
        let step = [
            try Bank.schedule("2020-01-01", [(nil, 365_000)]), try Bank.schedule("2022-12-13", [(nil, 730_000)]),
        ]
        #expect(gross([("2020-01-01", 1_000)], step, "2022-12-12", "2022-12-13") == 1)
        #expect(gross([("2020-01-01", 1_000)], step, "2022-12-13", "2022-12-14") == 2)
        #expect(gross([("2020-01-01", 1_000)], step, "2022-12-12", "2022-12-14") == 3)
        #expect(gross([("2019-01-01", 1_000)], step, "2019-12-31", "2020-01-01") == 0)
        #expect(gross([("2019-01-01", 1_000)], [], "2022-12-12", "2022-12-14") == 0)
    }

    @Test func potsArePooledAndBelowZeroIsZero() throws {
        let flat = [try Bank.schedule("2020-01-01", [(nil, 365_000)])]
        #expect(gross([("2025-01-01", 1_000)], pots: 500, flat, "2026-03-01", "2026-03-03") == 3)
        #expect(gross([("2025-01-01", -1_000)], pots: 500, flat, "2026-03-01", "2026-03-03") == 0)
        #expect(gross([("2025-01-01", -1_000)], pots: 2_000, flat, "2026-03-01", "2026-03-03") == 2)
        // A day below zero takes nothing from a day above.
        #expect(gross([("2025-01-01", -9_000), ("2026-03-02", 1_000)], flat, "2026-03-01", "2026-03-03") == 1)
    }

    @Test func noDays() throws {
        let none = DailyInterest(rows: [], pots: 0, schedules: [], from: Bank.date("2026-03-02"), until: Bank.date("2026-03-02"))
        #expect(none.days == 0 && none.lastDay == nil && none.gross == 0)
    }

    @Test func widthOfTheSums() throws {
        let whole = [try Bank.schedule("1900-01-01", [(nil, 1_000_000)])]
        // 9.1·10¹⁵ at 100 % for 366 days: 64 bits of won × ppm would have overflowed on the first.
        #expect(gross([("2023-01-01", 9_100_000_000_000_000)], whole, "2024-01-01", "2025-01-01") == 9_124_931_506_849_315)
        // More than 64 bits of won is refused, not wrapped.
        #expect(gross([("1900-01-01", .max)], pots: .max, whole, "1900-01-01", "2000-01-01") == nil)
    }

    /// Against the plainest statement of the rule: each day by itself, each won's slice looked up, one division at the end.
    @Test func agreesWithTheRuleDayByDay() throws {
        var random = SplitMix64(seed: 20_260_302)
        for round in 0..<200 {
            let edge = Int64.random(in: 1...1_000, using: &random)
            let rates = (0..<3).map { _ in Int64.random(in: 0...1_000_000, using: &random) }
            let change = Int.random(in: 1...60, using: &random)
            let schedules = [
                try Bank.schedule("2024-01-01", [(edge, rates[0]), (nil, rates[1])]),
                try Bank.schedule("\(day(change))", [(nil, rates[2])]),
            ]
            var rows: [(Int, Int64)] = []
            for offset in 0..<80 where Int.random(in: 0..<7, using: &random) == 0 {
                rows.append((offset, Int64.random(in: -500...3_000, using: &random)))
            }
            let pots = Int64.random(in: 0...300, using: &random)
            let (from, until) = (Int.random(in: 0...40, using: &random), Int.random(in: 41...90, using: &random))
            var expected: Int128 = 0
            for today in from..<until {
                let pooled = max(0, (rows.last { $0.0 <= today }?.1 ?? 0) + pots)
                if today >= change {
                    expected += Int128(pooled * rates[2])
                } else {
                    expected += Int128(min(pooled, edge) * rates[0] + max(0, pooled - edge) * rates[1])
                }
            }
            let interest = DailyInterest(
                rows: rows.map { DailyBalance(valuedOn: day($0.0), closing: $0.1) }, pots: pots, schedules: schedules,
                from: day(from), until: day(until))
            #expect(interest.accrued == expected, "round \(round)")
            #expect(interest.days == Int64(until - from))
            #expect(interest.lastDay == day(until - 1))
        }
    }

    /// Days after 2024-01-01, a leap year.
    private func day(_ offset: Int) -> CivilDate {
        var date = Bank.date("2024-01-01")
        for _ in 0..<offset { date = CivilCalendar.dayAfter(date) ?? date }
        return date
    }
}
