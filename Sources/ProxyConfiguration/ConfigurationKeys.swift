import RuleFiles

/// Every key that a configuration file may hold. docs/configuration.md describes each; a test holds the two together.
enum ConfigurationKeys {
    static let top = SectionKeys(
        "",
        [
            "listen", "tls", "trusted", "admin", "lanes", "state", "store", "sides", "share", "salt", "unknown-reads", "limits",
            "defaults",
            "operations",
            "evidence", "alerts",
        ])
    static let listenerTLS = SectionKeys(
        "tls",
        ["certificate", "private-key", "client-authorities", "client-certificates", "minimum-version", "handshake-timeout"])
    static let sides = SectionKeys("sides", ["legacy", "candidate"])
    static let side = SectionKeys(
        "sides.*", ["url", "tls", "connect-timeout", "answer-timeout", "idle-timeout", "connections"])
    static let sideTLS = SectionKeys("sides.*.tls", ["authorities", "certificate", "private-key", "server-name"])
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
    static let store = SectionKeys("store", ["url", "instance", "alert-after", "key-window", "claim"])
    static let evidence = SectionKeys(
        "evidence", ["body-kept", "queue", "retention", "rows", "redact", "redact-headers", "redaction-key"])
    static let alerts = SectionKeys("alerts", ["channels"])
    static let channel = SectionKeys("alerts.channels[]", ["name", "url", "format", "secret", "allow-private"])
    static let secret = SecretReader.keys

    static let all = [
        top, listenerTLS, sides, side, sideTLS, limits, operation, notDone, RuleKeys.compare, RuleKeys.rule, RuleKeys.tolerance,
        store, evidence, alerts,
        channel, secret,
    ]

    /// `listen`, `sides.*.url`, `operations[].name` …
    static let paths = all.flatMap { section in section.keys.map { section.name.isEmpty ? $0 : "\(section.name).\($0)" } }
}
