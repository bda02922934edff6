/// How the requests of a run spread over its length.
public enum RateCurve: Sendable, Hashable {
    /// Evenly.
    case steady
    /// A day of an interest button, squeezed to the run's length: what everyone could claim since yesterday is claimed after
    /// midnight. 12 % of the day's users come in the first quarter of an hour, 22 % in the first hour; the trough is at four in
    /// the morning, smaller tops follow at breakfast and at noon.
    case midnight

    /// When, in nanoseconds from the start, request `index` of `total` is due in a run of `length` nanoseconds.
    func due(_ index: Int, of total: Int, length: Int64) -> Int64 {
        let share = (Double(index) + 0.5) / Double(max(1, total))
        switch self {
        case .steady: return Int64(Double(index) / Double(max(1, total)) * Double(length))
        case .midnight: return Int64(Self.midnightDay.time(atShare: share) * Double(length))
        }
    }

    /// Users by the length of each part of the day: minutes, and how many in a thousand come in them.
    private static let midnightDay = DayShape(parts: [
        (15, 120), (15, 50), (30, 50), (60, 70), (60, 30), (60, 20), (60, 15), (60, 20), (60, 30), (60, 45), (60, 55), (60, 50),
        (60, 40), (60, 45), (60, 45), (60, 35), (60, 30), (60, 30), (60, 30), (60, 30), (60, 30), (60, 30), (60, 25), (60, 25),
        (60, 25), (60, 25),
    ])
}

/// A day as parts of constant rate.
private struct DayShape: Sendable {
    private let ends: [(time: Double, share: Double)]

    init(parts: [(minutes: Int, users: Int)]) {
        let minutes = parts.reduce(0) { $0 + $1.minutes }
        let users = parts.reduce(0) { $0 + $1.users }
        var time = 0
        var share = 0
        ends = parts.map { part in
            time += part.minutes
            share += part.users
            return (Double(time) / Double(minutes), Double(share) / Double(users))
        }
    }

    /// The part of the day, 0 … 1, by which `share` of the users have come.
    func time(atShare share: Double) -> Double {
        var start = (time: 0.0, share: 0.0)
        for end in ends {
            if share <= end.share {
                return start.time + (share - start.share) / (end.share - start.share) * (end.time - start.time)
            }
            start = end
        }
        return 1
    }
}
