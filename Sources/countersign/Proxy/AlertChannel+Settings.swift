import Alerting
import Outbound
import ProxyConfiguration
import ShadowProxy

extension AlertChannel {
    /// A channel as the configuration describes it.
    init(_ settings: ChannelSettings) {
        let format: AlertFormat =
            switch settings.format {
            case .generic: .generic
            case .slack: .slack
            case .alertmanager: .alertmanager
            }
        self.init(
            name: settings.name, url: settings.url, format: format,
            secrets: [settings.secret, settings.previousSecret].compactMap { $0.flatMap(WebhookSignature.secret) },
            networks: settings.allowNetworks.compactMap(AddressNetwork.init),
            heartbeatSeconds: settings.heartbeatMs.map { Int64($0 / 1_000) })
    }
}

extension AlertSettings {
    /// What a configuration says of alerts.
    init(_ configuration: CountersignConfiguration, secretHeaders: Set<String>) {
        self.init(
            channels: configuration.channels.map { AlertChannel($0) }, legacyURL: configuration.plan.legacy.url,
            candidateURL: configuration.plan.candidate.url, secretHeaders: secretHeaders)
        routes = configuration.alertRules.routes
        fallback = configuration.alertRules.fallback
        pace = configuration.alertRules.pace
    }
}
