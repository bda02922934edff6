internal import FixtureGeneration
public import InterestContract

/// The bank's time during a run: it starts at nine in the morning, Korean time, and runs faster than the wall's, so that a
/// payout is due again when the driver comes back to an account.
public struct BusinessClock: Sendable, Hashable {
    public var start: CivilDate
    /// Business days in a minute of the run; 0 stands still, 1/1440 is real time.
    public var daysPerMinute: Double

    /// The fixtures' business date: the first day on which all of their payouts are due.
    public static let fixtureStart = FixtureGenerator.businessDate.date

    public init(start: CivilDate = fixtureStart, daysPerMinute: Double = 60) {
        self.start = start
        self.daysPerMinute = daysPerMinute
    }

    /// The business time at so many nanoseconds into the run.
    func moment(at offset: Int64) -> BusinessMoment {
        let milliseconds = Int64(Double(offset) / 1_000_000 * daysPerMinute * 1_440)
        return BusinessMoment(milliseconds: Int64(CalendarDay(start).number) * 86_400_000 + 9 * 3_600_000 + milliseconds)
    }
}

/// A Korean local time, counted in milliseconds from 1970-01-01T00:00 in Korea.
struct BusinessMoment: Sendable, Hashable {
    let milliseconds: Int64

    var day: CalendarDay { CalendarDay(number: Int(milliseconds / 86_400_000)) }

    /// As `X-Request-Time` has it: `2026-03-02T09:00:00.000+09:00`.
    var text: String {
        let rest = Int(milliseconds % 86_400_000)
        let seconds = rest / 1_000
        return "\(day.date)T" + two(seconds / 3_600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60) + "."
            + String(String(1_000 + rest % 1_000).dropFirst()) + "+09:00"
    }

    private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
