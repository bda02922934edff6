public import Outbound

/// How a notice is written for its receiver.
public enum AlertFormat: String, Sendable, Codable, CaseIterable {
    /// The documented JSON of `docs/alerts.md`: a CloudEvent.
    case generic
    /// A Slack incoming webhook's blocks.
    case slack
    /// What Prometheus Alertmanager posts to a webhook, version 4.
    case alertmanager

    var contentType: String { self == .generic ? "application/cloudevents+json; charset=utf-8" : "application/json" }
}

/// Where notices go.
public struct AlertChannel: Sendable {
    public var name: String
    public var url: String
    public var format: AlertFormat
    /// Signing secrets' bytes (what `whsec_` encodes), the new one first: while a secret is exchanged, each signs. None sends unsigned.
    public var secrets: [[UInt8]]
    /// Private and loopback networks that the receiver may lie in. Link-local and metadata addresses are never reached.
    public var networks: [AddressNetwork]
    /// Seconds between two heartbeats; nil: the channel asks for none.
    public var heartbeatSeconds: Int64?

    public init(
        name: String, url: String, format: AlertFormat = .generic, secrets: [[UInt8]] = [], networks: [AddressNetwork] = [],
        heartbeatSeconds: Int64? = nil
    ) {
        self.name = name
        self.url = url
        self.format = format
        self.secrets = secrets
        self.networks = networks
        self.heartbeatSeconds = heartbeatSeconds
    }
}
