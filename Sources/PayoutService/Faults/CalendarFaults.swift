enum CalendarFaults {
    static let all = [
        Fault(
            name: "utc-date", policy: .calendar,
            about: "The business date is that of Greenwich: before 09:00 Korean time, yesterday's."
        ) { policies in
            policies.calendar.businessDay = { unixSeconds in Day(number: Day.floorDivide(unixSeconds, 86_400)) }
        }
    ]
}
