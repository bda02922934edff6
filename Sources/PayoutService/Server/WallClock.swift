import Foundation

/// The time now, injected so that tests choose it.
struct WallClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var unixMilliseconds: @Sendable () -> Int64

    var unixSeconds: Int { Day.floorDivide(Int(unixMilliseconds()), 1_000) }

    static let system = WallClock {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
