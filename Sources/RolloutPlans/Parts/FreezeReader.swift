import Foundation
import Migration
import RuleFiles

/// `freeze`
enum FreezeReader {
    static func read(_ value: YAMLValue?) -> [FreezeWindow] { value?.elements()?.compactMap(window) ?? [] }

    private static func window(_ value: YAMLValue) -> FreezeWindow? {
        guard let section = value.section(PlanKeys.freeze) else { return nil }
        let name = section.required("name", "what a status page calls it")?.text("a name")
        let zone = section["zone"].map { ($0, $0.text("a time zone's name")) }
        let written = ["dates", "daily", "weekly"].compactMap { key in section[key].map { (key, $0) } }
        guard written.count == 1, let (key, when) = written.first else {
            value.complain(
                "one of `dates`, `daily` and `weekly` says when, as `dates: 2026-12-28 to 2027-01-04`, `daily: 23:30 to 01:00` or "
                    + "`weekly: Fri 18:00 to Mon 09:00`")
            return nil
        }
        let span: FreezeWindow.Span? =
            switch key {
            case "dates": pair(when, "2026-12-28 to 2027-01-04", PlanDay.init).map { .dates(from: $0, through: $1) }
            case "daily": pair(when, "23:30 to 01:00", minuteOfDay).flatMap { minutes(when, $0) }.map { .daily(from: $0, to: $1) }
            default:
                pair(when, "Fri 18:00 to Mon 09:00", minuteOfWeek).flatMap { minutes(when, $0) }.map { .weekly(from: $0, to: $1) }
            }
        guard let name, let span else { return nil }
        if let zone {
            guard let text = zone.1 else { return nil }
            if let window = FreezeWindow(name: name, zone: text, span: span) { return window }
            zone.0.complain("nobody knows the time zone `\(text)`; a name of the time zone database is expected, as `Asia/Seoul`")
            return nil
        }
        if let window = FreezeWindow(name: name, span: span) { return window }
        value.complain("this system does not know the time zone `Asia/Seoul`; install its time zone database")
        return nil
    }

    /// `A to B`
    private static func pair<Part>(_ value: YAMLValue, _ example: String, _ read: (String) -> Part?) -> (Part, Part)? {
        guard let text = value.text("a time, as `\(example)`") else { return nil }
        let parts = text.components(separatedBy: " to ")
        guard parts.count == 2, let from = read(parts[0]), let to = read(parts[1]) else {
            let midnight = text.contains("24:00") ? "; midnight is `00:00`" : ""
            value.complain("found `\(text)`; expected is something like `\(example)`\(midnight)")
            return nil
        }
        return (from, to)
    }

    private static func minutes(_ value: YAMLValue, _ span: (Int, Int)) -> (Int, Int)? {
        if span.0 == span.1 {
            value.complain("it begins and ends at the same minute; whole days are written with `dates`")
            return nil
        }
        return span
    }

    /// `00:00` … `23:59`
    private static func minuteOfDay(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `Mon 00:00` … `Sun 23:59`
    private static func minuteOfWeek(_ text: String) -> Int? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = FreezeWindow.weekdays.firstIndex(of: String(parts[0])),
            let minute = minuteOfDay(String(parts[1]))
        else { return nil }
        return day * 1_440 + minute
    }
}
