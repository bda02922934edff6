/// The keys of one mapping of the file.
struct SectionKeys: Sendable {
    /// As docs/configuration.md writes it: `limits`, `operations[]`, `compare.rules[]`.
    let name: String
    let keys: [String]

    init(_ name: String, _ keys: [String]) {
        self.name = name
        self.keys = keys
    }
}

/// Every key that a configuration file may hold. docs/configuration.md describes each; a test holds the two together.
enum ConfigurationKeys {
    static let top = SectionKeys(
        "",
        [
            "listen", "trusted", "admin", "lanes", "state", "sides", "share", "salt", "unknown-reads", "limits", "defaults",
            "operations",
            "evidence", "alerts",
        ])
    static let sides = SectionKeys("sides", ["legacy", "candidate"])
    static let side = SectionKeys("sides.*", ["url", "connect-timeout", "answer-timeout", "idle-timeout", "connections"])
    static let limits = SectionKeys(
        "limits",
        [
            "head", "body", "off-lane-from", "comparisons-waiting", "comparison-threads", "queued-per-key", "key-wait",
            "shadow-backlog",
            "shadow-backlog-bytes", "recheck-tries", "recheck-delay", "settle-tries", "settle-delay", "catch-up-tries",
            "catch-up-delay",
            "client-idle-timeout", "client-connections", "drain",
        ])
    static let operation = SectionKeys(
        "operations[]", ["name", "method", "path", "mode", "safe", "key", "order", "sample", "not-done", "read-back", "compare"])
    static let notDone = SectionKeys("operations[].not-done[]", ["status", "code"])
    /// Of `defaults`, of an operation's `compare`, and of a file of rules alone.
    static let compare = SectionKeys("compare", ["headers", "problems", "severity", "nesting", "differences", "rules"])
    static let rule = SectionKeys(
        "compare.rules[]",
        [
            "path", "ignore", "tolerance", "time-within", "ignore-case", "pattern", "as-set", "keyed-by",
            "tolerate-representation", "severity",
        ])
    static let tolerance = SectionKeys("compare.rules[].tolerance", ["absolute", "relative"])
    static let evidence = SectionKeys(
        "evidence", ["body-kept", "queue", "retention", "rows", "redact", "redact-headers", "redaction-key"])
    static let alerts = SectionKeys("alerts", ["channels"])
    static let channel = SectionKeys("alerts.channels[]", ["name", "url", "format", "secret", "allow-private"])
    /// Where a secret stands: never in the file itself.
    static let secret = SectionKeys("secret", ["env", "file"])

    static let all = [top, sides, side, limits, operation, notDone, compare, rule, tolerance, evidence, alerts, channel, secret]

    /// `listen`, `sides.*.url`, `operations[].name` …
    static let paths = all.flatMap { section in section.keys.map { section.name.isEmpty ? $0 : "\(section.name).\($0)" } }
}
