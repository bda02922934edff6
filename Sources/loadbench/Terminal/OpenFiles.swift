#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bound on open file descriptors: a connection takes one.
enum OpenFiles {
    /// Descriptors beside the connections: standard streams, the event loop's own, the program's file.
    private static let others: UInt64 = 64

    /// Raises the process's bound so that so many connections fit, as far as the system lets it.
    static func allow(connections: Int) throws(TooFew) {
        let needed = UInt64(max(0, connections)) + others
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0, UInt64(limit.rlim_cur) < needed else { return }
        let hard = UInt64(limit.rlim_max)
        limit.rlim_cur = rlim_t(needed)
        // Beyond the hard bound only with the privilege to move that too.
        if hard < needed { limit.rlim_max = rlim_t(needed) }
        if setrlimit(openFiles, &limit) != 0 { throw TooFew(needed: needed, allowed: hard) }
    }

    #if canImport(Glibc)
        private static let openFiles = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    #else
        private static let openFiles = RLIMIT_NOFILE
    #endif

    struct TooFew: Error, CustomStringConvertible {
        let needed: UInt64
        let allowed: UInt64

        var description: String {
            "\(needed) file descriptors are needed and the system allows \(allowed): raise the hard limit (ulimit -Hn) or open fewer connections."
        }
    }
}
