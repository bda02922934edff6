internal import Foundation

/// A time in which no share rises: dates, a part of each day, or a part of each week, by the clock of a time zone.
public struct FreezeWindow: Sendable, Hashable, CustomStringConvertible {
    public enum Span: Sendable, Hashable {
        /// Whole days, both included.
        case dates(from: PlanDay, through: PlanDay)
        /// Minutes of the day, 0 … 1 439, the end not included; over midnight when the end is not after the beginning.
        case daily(from: Int, to: Int)
        /// Minutes of the week from Monday 00:00, 0 … 10 079, the end not included; over Sunday's end likewise.
        case weekly(from: Int, to: Int)
    }

    public let name: String
    /// `Asia/Seoul`, as the time zone database names it.
    public let zone: String
    public let span: Span

    /// Nil when nobody knows the time zone.
    public init?(name: String, zone: String = "Asia/Seoul", span: Span) {
        guard TimeZone(identifier: zone) != nil else { return nil }
        self.name = name
        self.zone = zone
        self.span = span
    }

    /// Whether the instant falls in it. Follows the zone's own changes of the clock: an hour that occurs twice is frozen twice.
    public func contains(_ instant: Instant) -> Bool {
        // The initialiser has looked the zone up; a system that forgets it since keeps everything frozen, which is the safe side.
        guard let zone = TimeZone(identifier: zone) else { return true }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1_000))
        let local = instant.milliseconds + Int64(offset) * 1_000
        let (days, rest) = local.quotientAndFloorRemainder(86_400_000)
        let date = PlanDay(daysSince1970: Int(days))
        let minute = Int(rest / 60_000)
        switch span {
        case .dates(let from, let through): return from <= date && date <= through
        case .daily(let from, let to): return Self.covers(from, to, minute)
        case .weekly(let from, let to): return Self.covers(from, to, date.weekday * 1_440 + minute)
        }
    }

    private static func covers(_ from: Int, _ to: Int, _ minute: Int) -> Bool {
        from < to ? from <= minute && minute < to : minute >= from || minute < to
    }

    /// `year-end: 2026-12-28 through 2027-01-04 (Asia/Seoul)`
    public var description: String {
        switch span {
        case .dates(let from, let through): "\(name): \(from) through \(through) (\(zone))"
        case .daily(let from, let to): "\(name): each day \(Self.clock(from)) to \(Self.clock(to)) (\(zone))"
        case .weekly(let from, let to):
            "\(name): each week \(Self.weekClock(from)) to \(Self.weekClock(to)) (\(zone))"
        }
    }

    /// Monday first, as in a plan file.
    public static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    private static func clock(_ minute: Int) -> String {
        let hours = minute / 60
        let minutes = minute % 60
        return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }

    private static func weekClock(_ minute: Int) -> String { "\(weekdays[minute / 1_440 % 7]) \(clock(minute % 1_440))" }
}
