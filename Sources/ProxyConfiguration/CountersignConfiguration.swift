public import Foundation
public import RuleFiles
public import ShadowProxy

/// A whole configuration file, read and checked. docs/configuration.md describes every key.
public struct CountersignConfiguration: Sendable {
    public var plan: ProxyPlan
    /// Health, metrics and the console.
    public var admin: Endpoint
    /// Evidence, catch-up queue, outbox and keys; one process at a time.
    public var stateDirectory: String
    /// Shared with other proxies; nil: everything is in the state directory alone.
    public var store: SharedStoreSettings?
    public var evidence: EvidenceSettings
    public var channels: [ChannelSettings]
    /// Who may use the admin port, and its TLS.
    public var adminSettings = AdminSettings()
    /// Nil: the candidate's share is the plan's fixed one.
    public var rollout: RolloutSettings?
    public var alertRules = AlertRules()

    public init(
        plan: ProxyPlan, admin: Endpoint, stateDirectory: String, evidence: EvidenceSettings = EvidenceSettings(),
        channels: [ChannelSettings] = []
    ) {
        self.plan = plan
        self.admin = admin
        self.stateDirectory = stateDirectory
        self.evidence = evidence
        self.channels = channels
    }

    /// Reads a file. The error lists every problem found, each with line and column.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> CountersignConfiguration {
        try parse(
            text: try ConfigurationText.read(path), named: path, environment: environment,
            directory: (path as NSString).deletingLastPathComponent)
    }

    /// Reads a text. `directory` is where the relative paths of files that it names begin.
    public static func parse(
        text: String, named name: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        directory: String = ""
    ) throws(ConfigurationError) -> CountersignConfiguration {
        let problems = Problems(file: name)
        let secrets = SecretReader(environment: environment, directory: directory)
        if let root = ConfigurationText.compose(text, problems), let section = root.section(ConfigurationKeys.top) {
            let configuration = FileReader(
                section: section, secrets: secrets, tls: TLSReader(directory: directory)
            ).read()
            if let configuration, problems.list.isEmpty { return configuration }
        }
        throw ConfigurationError(problems: problems.list.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    /// The keys that differ between two configurations and that a running proxy can't take on: they need a restart.
    public func keysNeedingRestart(comparedWith running: CountersignConfiguration) -> [String] {
        var keys: [String] = []
        if plan.listen != running.plan.listen { keys.append("listen") }
        if (plan.tls == nil) != (running.plan.tls == nil) { keys.append("tls") }
        if plan.trusted != running.plan.trusted { keys.append("trusted") }
        if admin != running.admin || adminSettings != running.adminSettings { keys.append("admin") }
        if plan.lanes != running.plan.lanes { keys.append("lanes") }
        if stateDirectory != running.stateDirectory { keys.append("state") }
        if store != running.store { keys.append("store") }
        if rollout != running.rollout { keys.append("rollout") }
        return keys
    }

    /// What runs without a file: every GET and HEAD is compared, everything else goes to the legacy side alone.
    public static func comparingReads(
        listen: Endpoint, admin: Endpoint, legacy: SidePlan, candidate: SidePlan, stateDirectory: String
    ) -> CountersignConfiguration {
        var plan = ProxyPlan(listen: listen, legacy: legacy, candidate: candidate)
        plan.unknownSafeMode = .read
        return CountersignConfiguration(plan: plan, admin: admin, stateDirectory: stateDirectory)
    }
}
