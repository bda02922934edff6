import NIOCore
import NIOSSL

/// The listener's part of a plan, made ready: shared by all lanes, built once for a plan, never on a lane (it reads and parses).
struct ListenerSecurity: Sendable {
    let context: NIOSSLContext
    let handshakeTimeoutMs: Int

    /// Nil when callers speak plain HTTP.
    init?(of plan: ProxyPlan) throws(PlanError) {
        guard let plan = plan.tls else { return nil }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: plan.identity.chain.map { .certificate($0) }, privateKey: .privateKey(plan.identity.key))
        configuration.minimumTLSVersion = plan.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
        switch plan.clientCertificates {
        case .none: configuration.certificateVerification = .none
        case .optional(let authorities):
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(authorities.certificates)
        case .required(let authorities):
            // A caller has no name to verify, only an authority.
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(authorities.certificates)
        }
        // Callers with several certificates choose by it.
        configuration.sendCANameList = plan.clientCertificates != .none
        configuration.share()
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw PlanError("The listener's TLS cannot be set up (\(error)); see `tls`.")
        }
        handshakeTimeoutMs = plan.handshakeTimeoutMs
    }
}

/// The same of a side.
struct SideSecurity: Sendable {
    let context: NIOSSLContext
    /// Asked for and verified; nil where the side is reached by an address, which is verified instead.
    let serverName: String?

    /// Nil when the side speaks plain HTTP.
    init?(of side: SidePlan) throws(PlanError) {
        guard let plan = side.tls else { return nil }
        let host = side.endpoint.host
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let authorities = plan.authorities { configuration.trustRoots = .certificates(authorities.certificates) }
        if let identity = plan.identity {
            configuration.certificateChain = identity.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(identity.key)
        }
        configuration.share()
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw PlanError("TLS to \(host) cannot be set up (\(error)); see its side's `tls`.")
        }
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        serverName = plan.serverName ?? (isAddress ? nil : host)
    }

    func handler() throws -> NIOSSLClientHandler { try NIOSSLClientHandler(context: context, serverHostname: serverName) }

    /// Whether the certificate is for the name that was asked for.
    ///
    /// The library also takes one for the address that a name happens to lead to, or whose common name fits; who rules the name
    /// service would have an easy game then. Addresses it verifies as strictly as we would.
    func isNamed(in certificate: NIOSSLCertificate?) -> Bool {
        guard let serverName else { return true }
        guard let certificate else { return false }
        return certificate._subjectAlternativeNames().contains { name in
            name.nameType == .dnsName && HostName.matches(String(decoding: name.contents, as: UTF8.self), serverName)
        }
    }
}

extension TLSConfiguration {
    /// What holds in both directions.
    fileprivate mutating func share() {
        applicationProtocols = ["http/1.1"]
        // Closing is orderly before it gets here (the last answer is written, our direction closed, the peer's end awaited): a
        // connection that is closed all the same says so and does not wait for the peer to say it too.
        shutdownTimeout = .zero
    }
}
