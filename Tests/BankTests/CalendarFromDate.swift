import FixtureGeneration
import InterestContract

/// Days of tests, from dates that are known to exist.
enum CalendarFromDate {
    static func day(_ text: String) -> CalendarDay {
        guard let date = CivilDate(text) else { preconditionFailure("\(text) is no date") }
        return CalendarDay(date)
    }
}
