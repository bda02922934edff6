#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A thread that writes to the disk gives way to those that answer callers: on a machine without a core to spare, a shadow in trouble makes
/// thousands of rows a second, and no caller shall wait for them.
///
/// A low priority alone does not do it: the system lets a thread finish its slice of a millisecond or two before another that woke gets the
/// core. So the thread offers the core between one row and the next. A class that is always put aside (`SCHED_IDLE`) would be simpler, but
/// on a machine that is busy without end it hardly ever runs, and holds the database meanwhile.
struct Background {
    /// How long a piece of work is done politely: a machine that has nothing to spare for longer gives it its share, no more.
    private static let politeFor = Duration.milliseconds(20)
    private let begun = ContinuousClock.now

    /// Lowers the priority of the thread that calls it, and names it for `top -H` and its like (at most 15 bytes; `Thread.name` does not
    /// reach the system on Linux). A system that refuses leaves it as it is.
    static func enter(as name: String) {
        #if os(Linux)
            let comm = open("/proc/thread-self/comm", O_WRONLY)
            if comm >= 0 {
                _ = write(comm, name, name.utf8.count)
                close(comm)
            }
            // With 0 Linux means the calling thread alone.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }

    /// Between two rows: whoever waits for this core gets it first.
    func giveWay() {
        if begun.duration(to: .now) < Self.politeFor { _ = sched_yield() }
    }

    /// Lets work come together.
    static func gather() { usleep(2_000) }

    /// Waits three times as long as the work took that is just done, at most 50 ms: a thread with no end of work takes a quarter of a core,
    /// and finds more to do at once, which costs less than bit by bit.
    static func pause(after work: Duration) {
        let pause = min(work * 3, .milliseconds(50))
        guard pause > .zero else { return }
        usleep(UInt32(pause / .microseconds(1)))
    }
}
