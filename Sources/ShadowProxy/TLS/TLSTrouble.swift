import NIOCore
import NIOSSL

/// Why there is no TLS connection to a side.
enum TLSTrouble: UInt8, Sendable {
    case expired
    case notYetValid
    case untrusted
    case wrongName
    case noTLS
    case noCommonVersion
    case declined
    case late
    case brokenOff
    /// The side's word about the certificate that we showed, or did not show.
    case refusesOurs
    case other

    /// In words, after "failed the TLS handshake: ".
    var words: StaticString {
        switch self {
        case .expired: "its certificate has expired"
        case .notYetValid: "its certificate is not valid yet"
        case .untrusted: "no authority that is trusted here vouches for its certificate"
        case .wrongName: "its certificate is for another name or address"
        case .noTLS: "what it speaks is not TLS"
        case .noCommonVersion: "it speaks no version of TLS that is allowed here"
        case .declined: "it declined, for want of a certificate or of a cipher in common"
        case .late: "it was not through in time"
        case .brokenOff: "it broke the connection"
        case .refusesOurs: "it refused the certificate that it was shown, or wants one"
        case .other: "it sent what TLS does not allow"
        }
    }

    /// - Parameters:
    ///   - error: what the TLS handler said before the handshake was through.
    ///   - certificate: what the side showed, as far as it came to that.
    ///   - now: seconds since 1970.
    init(handshake error: any Error, certificate: NIOSSLCertificate?, now: Int64) {
        if let error = error as? NIOSSLExtraError,
            error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
        {
            self = .wrongName
            return
        }
        guard error is NIOSSLError || error is BoringSSLError else {
            self = .brokenOff
            return
        }
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            // The library says no more than that; the certificate itself says whether its time is the reason.
            if let certificate, now >= Int64(certificate.notValidAfter) {
                self = .expired
            } else if let certificate, now < Int64(certificate.notValidBefore) {
                self = .notYetValid
            } else {
                self = .untrusted
            }
        } else if text.contains("EOF during handshake") {
            self = .brokenOff
        } else if let refusal = TLSTrouble(alert: text) {
            self = refusal
        } else if text.contains("ALERT_HANDSHAKE_FAILURE") || text.contains("ALERT_INSUFFICIENT_SECURITY") {
            self = .declined
        } else if Self.strangers.contains(where: text.contains) {
            self = .noTLS
        } else {
            self = Self.versions.contains(where: text.contains) ? .noCommonVersion : .other
        }
    }

    /// Nil unless the side ends a connection because of our certificate. With TLS 1.3 it says so only after the handshake.
    init?(alert error: any Error) {
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        self.init(alert: String(describing: error))
    }

    private init?(alert text: String) {
        guard Self.refusals.contains(where: text.contains) else { return nil }
        self = .refusesOurs
    }

    /// The peer has closed without TLS's own word for it, which says nothing against what it sent before.
    static func isBareClose(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }

    private static let refusals = [
        "ALERT_CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED",
        "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED",
    ]
    private static let strangers = ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"]
    private static let versions = ["PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"]
}

/// The failure of a connection to a side that names TLS.
struct TLSFailure: Error {
    let trouble: TLSTrouble
}
