internal import Dispatch
internal import Foundation

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
/// The work runs on a second thread, which the system puts aside the moment another wants the core (`SCHED_IDLE`). A thread cannot leave that
/// class without privileges, and on a machine that is busy without end it hardly ever runs: work that must not wait for long runs on the
/// thread that asks, which has a low priority, but a share.
///
/// `@unchecked Sendable`: `work` is written before `asked` and read after it.
final class Background: @unchecked Sendable {
    private let asked = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private var work: (@Sendable () -> Void)?

    /// To be called on the thread that will ask. Names both threads for `top -H` and its like: at most 13 bytes (`Thread.name` does not reach
    /// the system on Linux). A system that refuses leaves the priorities as they are.
    init(_ name: String) {
        Self.lower(name)
        let thread = Thread { [self] in
            Self.idle(name + "-i")
            while true {
                asked.wait()
                guard let work else { return }
                work()
                done.signal()
            }
        }
        thread.start()
    }

    /// Returns when it is done.
    func run(isUrgent: Bool = false, _ work: @escaping @Sendable () -> Void) {
        if isUrgent { return work() }
        self.work = work
        asked.signal()
        done.wait()
        self.work = nil
    }

    /// Ends the second thread.
    func end() {
        work = nil
        asked.signal()
    }

    /// Lets work come together.
    static func gather() { usleep(10_000) }

    /// Waits three times as long as the work took that is just done, at most 50 ms: a thread with no end of work takes a quarter of a core,
    /// and finds more to do at once, which costs less than bit by bit.
    static func pause(after work: Duration) {
        let pause = min(work * 3, .milliseconds(50))
        guard pause > .zero else { return }
        usleep(UInt32(pause / .microseconds(1)))
    }

    private static func lower(_ name: String) {
        #if os(Linux)
            rename(name)
            // With 0 Linux means the calling thread alone.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }

    private static func idle(_ name: String) {
        #if os(Linux)
            rename(name)
            var parameters = sched_param()
            // 5 is SCHED_IDLE, which the headers show to GNU programs only.
            _ = sched_setscheduler(0, 5, &parameters)
        #endif
    }

    private static func rename(_ name: String) {
        #if os(Linux)
            let comm = open("/proc/thread-self/comm", O_WRONLY)
            guard comm >= 0 else { return }
            _ = write(comm, name, name.utf8.count)
            close(comm)
        #endif
    }
}
