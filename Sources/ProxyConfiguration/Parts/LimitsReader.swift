import RuleFiles
import ShadowProxy

/// `limits`: every bound of the data plane.
enum LimitsReader {
    static func read(_ value: YAMLValue?) -> ProxyLimits {
        var limits = ProxyLimits()
        guard let value, let section = value.section(ConfigurationKeys.limits) else { return limits }
        func size(_ key: String, _ field: WritableKeyPath<ProxyLimits, Int>, _ range: ClosedRange<Int>) {
            if let bytes = section[key]?.size(in: range) { limits[keyPath: field] = bytes }
        }
        func count(_ key: String, _ field: WritableKeyPath<ProxyLimits, Int>, _ range: ClosedRange<Int>) {
            if let number = section[key]?.integer(in: range) { limits[keyPath: field] = number }
        }
        func duration(_ key: String, _ field: WritableKeyPath<ProxyLimits, Int>, _ range: ClosedRange<Int>) {
            if let milliseconds = section[key]?.duration(in: range) { limits[keyPath: field] = milliseconds }
        }
        size("head", \.headBytesMax, 1_024...1_048_576)
        size("body", \.bodyBytesMax, 1_024...1_073_741_824)
        size("off-lane-from", \.offLaneBytesMin, 0...1_073_741_824)
        count("comparisons-waiting", \.comparisonsWaitingMax, 1...1_000_000)
        count("comparison-threads", \.comparisonThreads, 1...64)
        count("queued-per-key", \.queuedPerKeyMax, 1...1_000_000)
        duration("key-wait", \.keyWaitMs, 1...600_000)
        count("shadow-backlog", \.shadowBacklogMax, 1...1_000_000)
        size("shadow-backlog-bytes", \.shadowBacklogBytesMax, 65_536...68_719_476_736)
        count("recheck-tries", \.recheckTriesMax, 0...10)
        duration("recheck-delay", \.recheckDelayMs, 0...60_000)
        count("settle-tries", \.settleTriesMax, 1...100)
        duration("settle-delay", \.settleDelayMs, 1...60_000)
        limits.writeLandsWithinMs = section["write-lands-within"]?.duration(in: 1...3_600_000)
        count("catch-up-tries", \.catchUpTriesMax, 1...10_000)
        duration("catch-up-delay", \.catchUpDelayMs, 1...600_000)
        duration("client-idle-timeout", \.clientIdleTimeoutMs, 1_000...3_600_000)
        count("client-connections", \.clientConnectionsMax, 1...1_000_000)
        duration("drain", \.drainMs, 0...600_000)
        if limits.shadowBacklogBytesMax < limits.bodyBytesMax {
            (section["shadow-backlog-bytes"] ?? section["body"] ?? value).complain(
                "`shadow-backlog-bytes` (\(Quantities.text(bytes: limits.shadowBacklogBytesMax))) is smaller than one `body` "
                    + "(\(Quantities.text(bytes: limits.bodyBytesMax))): such a request could never be mirrored")
        }
        return limits
    }
}
