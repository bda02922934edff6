/// Where alerts go.
public struct ChannelSettings: Sendable, Hashable {
    public enum Format: String, Sendable, CaseIterable {
        /// The JSON of docs/alerts.md.
        case generic
        /// Blocks for an incoming webhook of Slack.
        case slack
    }

    public var name: String
    public var url: String
    public var format: Format
    /// `whsec_…` of Standard Webhooks, read from the environment or a file; nil: deliveries are not signed, by the file's own word.
    public var secret: String?
    /// Whether an address of a private or local network may be delivered to.
    public var allowPrivate: Bool

    public init(name: String, url: String, format: Format = .generic, secret: String?, allowPrivate: Bool = false) {
        self.name = name
        self.url = url
        self.format = format
        self.secret = secret
        self.allowPrivate = allowPrivate
    }
}
