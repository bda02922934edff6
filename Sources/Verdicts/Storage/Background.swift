#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads that write to the disk give way to those that answer callers: on a machine without a core to spare, a shadow in trouble makes
/// thousands of rows a second, and no caller shall wait for them.
enum Background {
    private static let niceness: Int32 = 10

    /// Lowers the priority of the thread that calls it. A system that refuses leaves it as it is.
    static func enter() {
        #if os(Linux)
            // With 0 Linux means the calling thread alone.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #endif
    }
}
