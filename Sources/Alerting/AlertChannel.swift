/// How a notice is written for its receiver.
public enum AlertFormat: String, Sendable, Codable, CaseIterable {
    /// The documented JSON of `docs/alerts.md`.
    case generic
    /// A Slack incoming webhook's blocks.
    case slack
}

/// Where notices go.
public struct AlertChannel: Sendable {
    public var name: String
    public var url: String
    public var format: AlertFormat
    /// The signing secret's bytes (what `whsec_` encodes); nil sends notices unsigned.
    public var secret: [UInt8]?
    /// Whether the receiver may lie in a private or loopback network. Link-local and metadata addresses are never reached.
    public var allowPrivate: Bool

    public init(name: String, url: String, format: AlertFormat = .generic, secret: [UInt8]? = nil, allowPrivate: Bool = false) {
        self.name = name
        self.url = url
        self.format = format
        self.secret = secret
        self.allowPrivate = allowPrivate
    }
}

/// What notices need to know besides the evidence.
public struct AlertSettings: Sendable {
    public var channels: [AlertChannel]
    /// Base addresses of the sides, for the commands that reproduce: `http://127.0.0.1:7100`.
    public var legacyURL: String
    public var candidateURL: String
    /// Header names (lower case) that never stand in a notice.
    public var secretHeaders: Set<String>

    public init(
        channels: [AlertChannel], legacyURL: String, candidateURL: String,
        secretHeaders: Set<String> = ["authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"]
    ) {
        self.channels = channels
        self.legacyURL = legacyURL
        self.candidateURL = candidateURL
        self.secretHeaders = secretHeaders
    }
}
