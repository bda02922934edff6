import RuleFiles

/// Every key that a configuration file may hold. docs/configuration.md describes each; a test holds the two together.
enum ConfigurationKeys {
    static let top = SectionKeys(
        "",
        [
            "listen", "tls", "trusted", "admin", "lanes", "state", "store", "sides", "share", "salt", "unknown-reads", "limits",
            "defaults",
            "operations",
            "evidence", "alerts", "rollout",
        ])
    static let listenerTLS = SectionKeys(
        "tls",
        ["certificate", "private-key", "client-authorities", "client-certificates", "minimum-version", "handshake-timeout"])
    static let sides = SectionKeys("sides", ["legacy", "candidate"])
    static let side = SectionKeys(
        "sides.*", ["url", "tls", "connect-timeout", "answer-timeout", "patience", "idle-timeout", "connections"])
    static let sideTLS = SectionKeys("sides.*.tls", ["authorities", "certificate", "private-key", "server-name"])
    static let limits = SectionKeys(
        "limits",
        [
            "head", "body", "off-lane-from", "comparisons-waiting", "comparison-threads", "queued-per-key", "key-wait",
            "shadow-backlog",
            "shadow-backlog-bytes", "recheck-tries", "recheck-delay", "settle-tries", "settle-delay",
            "write-lands-within", "catch-up-tries", "catch-up-delay",
            "client-idle-timeout", "client-connections", "drain",
        ])
    static let operation = SectionKeys(
        "operations[]", ["name", "method", "path", "mode", "safe", "key", "order", "sample", "not-done", "read-back", "compare"])
    static let notDone = SectionKeys("operations[].not-done[]", ["status", "code"])
    static let store = SectionKeys("store", ["url", "instance", "alert-after", "key-window", "claim"])
    static let evidence = SectionKeys(
        "evidence", ["body-kept", "queue", "retention", "rows", "redact", "redact-headers", "redaction-key"])
    static let alerts = SectionKeys(
        "alerts",
        ["channels", "routes", "fallback", "group-wait", "group-interval", "repeat-interval", "resolve-after", "rate"])
    static let channel = SectionKeys(
        "alerts.channels[]",
        ["name", "url", "format", "secret", "previous-secret", "allow-http", "allow-networks", "heartbeat"])
    static let route = SectionKeys("alerts.routes[]", ["severity", "operation", "stage", "audience", "channels"])
    static let alertRate = SectionKeys("alerts.rate", ["notices", "per"])
    static let admin = SectionKeys("admin", ["address", "tokens", "tls"])
    static let adminToken = SectionKeys("admin.tokens[]", ["name", "role", "approves-as", "secret"])
    static let adminTLS = SectionKeys("admin.tls", ["certificate", "private-key", "client-authorities"])
    static let rollout = SectionKeys(
        "rollout", ["plan", "audience", "automatic", "kill-file", "hand-over", "candidate-build"])
    static let rolloutAudience = SectionKeys("rollout.audience", ["header", "proof"])
    static let rolloutAudienceProof = SectionKeys("rollout.audience.proof", ["header", "secret"])
    static let rolloutHandOver = SectionKeys("rollout.hand-over", ["wait", "waiting-max"])
    static let rolloutBuild = SectionKeys("rollout.candidate-build", ["header", "text"])
    static let secret = SecretReader.keys

    static let all = [
        top, listenerTLS, sides, side, sideTLS, limits, operation, notDone, RuleKeys.compare, RuleKeys.rule, RuleKeys.tolerance,
        store, evidence, alerts,
        channel, route, alertRate, secret, admin, adminToken, adminTLS, rollout, rolloutAudience, rolloutAudienceProof,
        rolloutHandOver, rolloutBuild,
    ]

    /// `listen`, `sides.*.url`, `operations[].name` …
    static let paths = all.flatMap { section in section.keys.map { section.name.isEmpty ? $0 : "\(section.name).\($0)" } }
}
