import Foundation
import Testing

@testable import CaseMatrix

@Suite struct DayNumberTests {
    static let steps: [(from: String, days: Int128, to: String?)] = [
        ("2024-02-28", 1, "2024-02-29"), ("2024-02-29", 1, "2024-03-01"), ("2025-02-28", 1, "2025-03-01"),
        ("2024-03-01", -1, "2024-02-29"), ("2025-03-01", -1, "2025-02-28"), ("2025-12-31", 1, "2026-01-01"),
        ("1900-02-28", 1, "1900-03-01"), ("2000-02-28", 1, "2000-02-29"), ("2024-01-01", 366, "2025-01-01"),
        ("2025-06-02", 364, "2026-06-01"), ("1970-01-01", -1, "1969-12-31"), ("0001-01-01", -1, nil), ("9999-12-31", 1, nil),
        ("2024-01-01", Int128(Int64.max) * 4, nil), ("0001-01-01", 0, "0001-01-01"), ("9999-12-30", 1, "9999-12-31"),
    ]

    @Test(arguments: steps) func days(from: String, days: Int128, to: String?) throws {
        #expect(try #require(DayNumber(from)).advanced(by: days)?.description == to)
    }

    @Test(arguments: [
        "2025-02-29", "2024-13-01", "2024-00-10", "2024-01-32", "2024-1-01", "24-01-01", "0000-01-01", "2024-01-01 ",
        "2024/01/01", "",
    ])
    func noDates(text: String) { #expect(DayNumber(text) == nil) }

    /// Against Foundation's Gregorian calendar, each day of two hundred years around the ends of centuries.
    @Test func everyDayFollowsTheOneBefore() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var day = try #require(DayNumber("1895-01-01"))
        let start = try #require(calendar.date(from: DateComponents(year: 1895, month: 1, day: 1)))
        var wrong: [String] = []
        for number in 0..<76_000 {
            let text = day.description
            if DayNumber(text) != day { wrong.append("\(text) does not read back") }
            if number % 13 == 0 {
                let date = start.addingTimeInterval(Double(number) * 86_400)
                let parts = calendar.dateComponents([.year, .month, .day], from: date)
                let expected = [parts.year, parts.month, parts.day].map { $0 ?? 0 }
                let written = text.split(separator: "-").map { Int($0) ?? -1 }
                if written != expected { wrong.append("\(text) should be \(expected)") }
            }
            day = try #require(day.advanced(by: 1))
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }
}
