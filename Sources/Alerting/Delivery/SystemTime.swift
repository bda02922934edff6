import Foundation

/// The time of day, for the courier.
public enum SystemTime {
    /// Microseconds since 1970.
    @Sendable public static func microseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}
