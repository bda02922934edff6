import NIOSSL

/// The admin port's certificate, as the bytes of PEM files.
public struct ConsoleTLS: Sendable {
    private let certificatePEM: [UInt8]
    private let privateKeyPEM: [UInt8]
    private let clientAuthoritiesPEM: [UInt8]?

    /// - Parameter clientAuthoritiesPEM: Who signs the certificates without which nobody gets a connection; nil: none is asked for.
    public init(certificatePEM: [UInt8], privateKeyPEM: [UInt8], clientAuthoritiesPEM: [UInt8]? = nil) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
        self.clientAuthoritiesPEM = clientAuthoritiesPEM
    }

    func configuration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(certificatePEM)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: privateKeyPEM, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        if let clientAuthoritiesPEM {
            // A caller has no name to verify, only an authority.
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(clientAuthoritiesPEM))
        }
        return configuration
    }
}
