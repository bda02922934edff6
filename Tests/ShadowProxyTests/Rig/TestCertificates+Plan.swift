import ShadowProxy
import TestKit

extension TestCertificates {
    func identity(_ name: String) throws -> TLSIdentity {
        try TLSIdentity(
            certificatePEM: try bytes(certificate(name)), keyPEM: try bytes(key(name)),
            now: ProxyClock.system.microseconds() / 1_000_000)
    }

    func authorities(_ name: String = "authority") throws -> TLSAuthorities {
        try TLSAuthorities(pem: try bytes(certificate(name)))
    }

    func listener(_ name: String = "server") throws -> ListenerTLS { ListenerTLS(identity: try identity(name)) }

    /// A side that is trusted by `authority`, and what we show to it.
    func side(trusting authority: String = "authority", showing name: String? = nil, serverName: String? = nil) throws -> SideTLS
    {
        var side = SideTLS()
        side.authorities = try authorities(authority)
        side.identity = try name.map(identity)
        side.serverName = serverName
        return side
    }

    func caller(
        trusting authority: String = "authority", showing name: String? = nil, serverName: String? = nil
    ) throws -> CallerTLS {
        CallerTLS(try clientContext(trusting: authority, showing: name), serverName: serverName)
    }

}
