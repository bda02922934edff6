import Alerting
import ProxyConfiguration

extension AlertChannel {
    /// A channel as the configuration describes it.
    init(_ settings: ChannelSettings) {
        let format: AlertFormat =
            switch settings.format {
            case .generic: .generic
            case .slack: .slack
            }
        self.init(
            name: settings.name, url: settings.url, format: format,
            secret: settings.secret.flatMap { WebhookSignature.secret($0) }, allowPrivate: settings.allowPrivate)
    }
}
