/// How the listener speaks TLS to callers.
public struct ListenerTLS: Sendable, Hashable {
    public enum Version: String, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    public enum ClientCertificates: Sendable, Hashable {
        /// None is asked for.
        case none
        /// One that a caller shows must be signed by these; a caller may show none.
        case optional(TLSAuthorities)
        /// No connection without one that is signed by these.
        case required(TLSAuthorities)
    }

    public var identity: TLSIdentity
    public var clientCertificates: ClientCertificates = .none
    public var minimumVersion: Version = .tls12
    /// From the accepted connection to the end of the handshake.
    public var handshakeTimeoutMs: Int = 10_000

    public init(identity: TLSIdentity) { self.identity = identity }
}

/// How a side is spoken to over TLS, 1.2 or newer. Its certificate is always verified, with its name or address.
public struct SideTLS: Sendable, Hashable {
    /// Nil: those that the system trusts.
    public var authorities: TLSAuthorities?
    /// What we show to a side that asks for it.
    public var identity: TLSIdentity?
    /// The name to ask for and to find in the certificate; nil: the host of the side's address.
    public var serverName: String?

    public init() {}
}

extension Endpoint {
    /// `http://127.0.0.1:7000`, `https://[::1]:7000`.
    public func url(isTLS: Bool) -> String {
        (isTLS ? "https://" : "http://") + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }
}

extension SidePlan {
    /// `https://10.0.0.5:8443`
    public var url: String { endpoint.url(isTLS: tls != nil) }
}
