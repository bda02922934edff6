import Alerting
import Comparison
import RuleFiles

/// `alerts`
struct AlertsReader {
    let secrets: SecretReader
    /// Names of the file's operations.
    let operations: [String]

    func read(_ value: YAMLValue?) -> (channels: [ChannelSettings], rules: AlertRules) {
        guard let section = value?.section(ConfigurationKeys.alerts) else { return ([], AlertRules()) }
        var channels: [ChannelSettings] = []
        for element in section["channels"]?.elements() ?? [] {
            guard let section = element.section(ConfigurationKeys.channel),
                let channel = ChannelReader(secrets: secrets).read(section)
            else { continue }
            if channels.contains(where: { $0.name == channel.name }) {
                (section["name"] ?? element).complain("another channel is named `\(channel.name)` already")
            }
            channels.append(channel)
        }
        let names = channels.map(\.name)
        var rules = AlertRules()
        rules.routes = (section["routes"]?.elements() ?? []).compactMap { route($0, names) }
        rules.fallback = section["fallback"].map { known($0, "a channel", names) } ?? []
        if section["routes"] != nil, section["fallback"] == nil {
            section["routes"]?.complain("`fallback` is missing beside `routes`: the channels for what no route takes")
        }
        rules.pace = pace(section)
        return (channels, rules)
    }

    private func route(_ value: YAMLValue, _ channels: [String]) -> AlertRoute? {
        guard let section = value.section(ConfigurationKeys.route) else { return nil }
        let severities = section["severity"].map { known($0, "a severity", Severity.allCases.map(\.rawValue)) } ?? []
        let concerned = section["operation"].map { known($0, "an operation", operations) } ?? []
        let stages = section["stage"]?.texts("a stage").map(\.text) ?? []
        let audiences = section["audience"]?.texts("an audience").map(\.text) ?? []
        let targets = section.required("channels", "the channels that are told").map { known($0, "a channel", channels) } ?? []
        guard !targets.isEmpty else { return nil }
        return AlertRoute(
            severities: Set(severities), operations: Set(concerned), stages: Set(stages), audiences: Set(audiences),
            channels: targets)
    }

    /// Texts that name something; a complaint for each that does not.
    private func known(_ value: YAMLValue, _ what: String, _ names: [String]) -> [String] {
        let texts = value.texts(what)
        for (text, place) in texts where !names.contains(text) {
            place.complain("found `\(text)`; \(what) is one of \(names.isEmpty ? "none" : YAMLValue.list(names))")
        }
        return texts.map(\.text)
    }

    private func pace(_ section: YAMLSection) -> AlertPace {
        var pace = AlertPace()
        if let wait = section["group-wait"]?.duration(in: 0...3_600_000) { pace.groupWaitMs = wait }
        if let interval = section["group-interval"]?.duration(in: 0...86_400_000) { pace.groupIntervalMs = interval }
        if let interval = section["repeat-interval"]?.duration(in: 60_000...604_800_000) { pace.repeatIntervalMs = interval }
        if let count = section["resolve-after"]?.integer(in: 1...1_000_000_000) { pace.resolveAfter = count }
        if let rate = section["rate"]?.section(ConfigurationKeys.alertRate) {
            if let notices = rate["notices"]?.integer(in: 1...10_000) { pace.noticesMax = notices }
            if let per = rate["per"]?.duration(in: 1_000...86_400_000) { pace.noticesPerMs = per }
        }
        return pace
    }
}
