internal import Foundation

/// The time of day, injected so that tests need not wait for it.
public struct WallClock: Sendable {
    /// Microseconds since 1970.
    public var microseconds: @Sendable () -> Int64

    public init(microseconds: @escaping @Sendable () -> Int64) { self.microseconds = microseconds }

    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
