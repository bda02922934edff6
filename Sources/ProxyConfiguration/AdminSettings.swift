public import RolloutControl
public import ShadowProxy

/// The admin port: where it is, who may use it, and whether it speaks TLS.
public struct AdminSettings: Sendable, Hashable {
    /// A certificate for the admin port, as the bytes of PEM files that were checked when they were read.
    public struct TLS: Sendable, Hashable {
        public var certificatePEM: [UInt8]
        public var privateKeyPEM: [UInt8]
        /// Who signs the certificates without which nobody gets a connection; nil: none is asked for.
        public var clientAuthoritiesPEM: [UInt8]?
    }

    public var access = AdminAccess()
    public var tls: TLS?

    public init() {}

    /// Why the port must not be opened there, as a sentence; nil when it may.
    public func refusal(of endpoint: Endpoint) -> String? {
        if Self.isLoopback(endpoint.host) || !access.tokens.isEmpty || tls?.clientAuthoritiesPEM != nil { return nil }
        return "the admin port would be open to everybody who reaches `\(endpoint.host)`: give it `tokens`, or `tls` with "
            + "`client-authorities`, or an address of this machine alone, as `127.0.0.1:7001`"
    }

    /// A name is taken for what it says only where the system itself fixes it.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts[0] == 127 && parts.allSatisfy { $0 != nil }
    }
}
