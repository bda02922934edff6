import NIOSSL

/// A certificate, those that lead from it to its authority, and its private key.
///
/// Made of the bytes of PEM files by whoever reads them; equal when all of them are.
public struct TLSIdentity: Sendable, Hashable {
    /// The certificate itself first.
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// - Parameters:
    ///   - certificatePEM: the certificate first, then those that vouch for it.
    ///   - keyPEM: the key of the first certificate, without a passphrase. It may stand in the same file.
    ///   - now: seconds since 1970: an identity outside of its time is refused, as every peer would refuse it.
    /// - Throws: ``TLSMaterialError``, which says which of the two files is wrong.
    public init(certificatePEM: [UInt8], keyPEM: [UInt8], now: Int64) throws(TLSMaterialError) {
        let chain = try TLSAuthorities.certificates(certificatePEM)
        if let own = chain.first {
            if now >= Int64(own.notValidAfter) {
                throw TLSMaterialError(.certificate, .expired(at: Int64(own.notValidAfter)))
            }
            if now < Int64(own.notValidBefore) {
                throw TLSMaterialError(.certificate, .notYetValid(until: Int64(own.notValidBefore)))
            }
        }
        let key = try Self.key(keyPEM)
        self.chain = chain
        self.key = key
        // BoringSSL compares the two when they are put into one context, and only there.
        var trial = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        trial.trustRoots = .certificates([])
        do { _ = try NIOSSLContext(configuration: trial) } catch { throw TLSMaterialError(.key, .mismatch) }
    }

    private static func key(_ pem: [UInt8]) throws(TLSMaterialError) -> NIOSSLPrivateKey {
        // An empty buffer has no address, which the library takes for granted.
        guard !pem.isEmpty else { throw TLSMaterialError(.key, .notPEM) }
        let noPassphrase: NIOSSLPassphraseCallback<[UInt8]> = { _ in throw TLSMaterialError(.key, .encrypted) }
        do {
            // Without a callback of ours it would ask for a passphrase on the terminal.
            return try NIOSSLPrivateKey(bytes: pem, format: .pem, passphraseCallback: noPassphrase)
        } catch {
            let isEncrypted = String(decoding: pem, as: UTF8.self).contains("ENCRYPTED")
            throw TLSMaterialError(.key, isEncrypted ? .encrypted : .notPEM)
        }
    }
}

/// The certificates whose signature is believed.
public struct TLSAuthorities: Sendable, Hashable {
    let certificates: [NIOSSLCertificate]

    /// - Throws: ``TLSMaterialError`` when the bytes hold no PEM certificate, or a broken one.
    public init(pem: [UInt8]) throws(TLSMaterialError) { certificates = try Self.certificates(pem) }

    static func certificates(_ pem: [UInt8]) throws(TLSMaterialError) -> [NIOSSLCertificate] {
        guard !pem.isEmpty, let found = try? NIOSSLCertificate.fromPEMBytes(pem), !found.isEmpty else {
            throw TLSMaterialError(.certificate, .notPEM)
        }
        return found
    }
}

/// What is wrong with a certificate or a key.
public struct TLSMaterialError: Error, Sendable, Hashable {
    public enum Part: Sendable, Hashable {
        case certificate
        case key
    }

    public enum Fault: Sendable, Hashable {
        /// No PEM, or broken PEM.
        case notPEM
        /// Needs a passphrase.
        case encrypted
        /// The key is another certificate's.
        case mismatch
        /// Seconds since 1970.
        case expired(at: Int64)
        case notYetValid(until: Int64)
    }

    public let part: Part
    public let fault: Fault

    init(_ part: Part, _ fault: Fault) {
        self.part = part
        self.fault = fault
    }
}
