/// Where alerts go.
public struct ChannelSettings: Sendable, Hashable {
    public enum Format: String, Sendable, CaseIterable {
        /// The JSON of docs/alerts.md.
        case generic
        /// Blocks for an incoming webhook of Slack.
        case slack
        /// As Prometheus Alertmanager posts to a webhook, version 4.
        case alertmanager
    }

    public var name: String
    public var url: String
    public var format: Format
    /// `whsec_…` of Standard Webhooks, read from the environment or a file; nil: deliveries are not signed, by the file's own word.
    public var secret: String?
    /// The one before it, which signs too while receivers are being told of the new one.
    public var previousSecret: String?
    /// Private and local networks that may be delivered to: `10.1.0.0/16`.
    public var allowNetworks: [String]
    /// Between two heartbeats; nil: none.
    public var heartbeatMs: Int?

    public init(
        name: String, url: String, format: Format = .generic, secret: String?, previousSecret: String? = nil,
        allowNetworks: [String] = [], heartbeatMs: Int? = nil
    ) {
        self.name = name
        self.url = url
        self.format = format
        self.secret = secret
        self.previousSecret = previousSecret
        self.allowNetworks = allowNetworks
        self.heartbeatMs = heartbeatMs
    }
}
