import Foundation
import RuleFiles
import ShadowProxy

/// `tls` of the listener and of a side: reads the files and checks what stands in them.
struct TLSReader {
    /// Where relative paths begin.
    let directory: String

    /// Nil when there is no section, or after a complaint.
    func listener(_ value: YAMLValue?) -> ListenerTLS? {
        guard let value, let section = value.section(ConfigurationKeys.listenerTLS) else { return nil }
        let identity = identity(section, required: true)
        let mode = section["client-certificates"]?.choice(ClientCertificateMode.allCases) ?? .none
        let listed = section["client-authorities"]
        let trusted = listed.flatMap(authorities)
        let version = section["minimum-version"]?.choice(ListenerTLS.Version.allCases)
        let timeout = section["handshake-timeout"]?.duration(in: 100...600_000)
        if mode == .none {
            listed?.complain("nothing is done with `client-authorities` unless `client-certificates` is `optional` or `required`")
        }
        if mode != .none, listed == nil {
            section["client-certificates"]?.complain(
                "`client-authorities` is missing: the file of the authorities that sign callers' certificates")
        }
        guard let identity else { return nil }
        var tls = ListenerTLS(identity: identity)
        if let version { tls.minimumVersion = version }
        if let timeout { tls.handshakeTimeoutMs = timeout }
        if let trusted {
            switch mode {
            case .none: break
            case .optional: tls.clientCertificates = .optional(trusted)
            case .required: tls.clientCertificates = .required(trusted)
            }
        }
        return tls
    }

    /// What an `https://` side has without a section: the system's authorities, nothing to show.
    func side(_ value: YAMLValue?) -> SideTLS {
        var tls = SideTLS()
        guard let value, let section = value.section(ConfigurationKeys.sideTLS) else { return tls }
        if let value = section["authorities"] { tls.authorities = authorities(value) }
        tls.identity = identity(section, required: false)
        if let value = section["server-name"], let name = value.text("a host's name") {
            if Self.isHostName(name) {
                tls.serverName = name
            } else {
                value.complain(
                    "found `\(name)`; a host's name is expected, as `bank.example`: letters, digits, `-` and `.` (an address is "
                        + "verified as it stands in `url`)")
            }
        }
        return tls
    }

    /// Of the admin port: the same files, as their bytes.
    func admin(_ value: YAMLValue?) -> AdminSettings.TLS? {
        guard let value, let section = value.section(ConfigurationKeys.adminTLS) else { return nil }
        let isSound = identity(section, required: true) != nil
        let listed = section["client-authorities"]
        let areTrusted = listed.map { authorities($0) != nil } ?? true
        guard isSound, areTrusted, let certificate = section["certificate"].flatMap(file)?.bytes,
            let key = section["private-key"].flatMap(file)?.bytes
        else { return nil }
        return AdminSettings.TLS(
            certificatePEM: certificate, privateKeyPEM: key, clientAuthoritiesPEM: listed.flatMap(file)?.bytes)
    }

    private enum ClientCertificateMode: String, CaseIterable {
        case none
        case optional
        case required
    }

    // MARK: Files

    private func identity(_ section: YAMLSection, required: Bool) -> TLSIdentity? {
        let what = (certificate: "the PEM file of the certificate, with those between it and its authority", key: "its PEM file")
        let certificate: YAMLValue?
        let key: YAMLValue?
        if required || section["certificate"] != nil || section["private-key"] != nil {
            certificate = section.required("certificate", what.certificate)
            key = section.required("private-key", what.key)
        } else {
            return nil
        }
        let certificateFile = certificate.flatMap(file)
        let keyFile = key.flatMap(file)
        guard let certificate, let key, let certificateFile, let keyFile else { return nil }
        do throws(TLSMaterialError) {
            return try TLSIdentity(
                certificatePEM: certificateFile.bytes, keyPEM: keyFile.bytes, now: Int64(Date().timeIntervalSince1970))
        } catch {
            let (value, path) = error.part == .certificate ? (certificate, certificateFile.path) : (key, keyFile.path)
            value.complain(sentence(error, path, certificateFile.path))
            return nil
        }
    }

    private func authorities(_ value: YAMLValue) -> TLSAuthorities? {
        guard let file = file(value) else { return nil }
        do throws(TLSMaterialError) {
            return try TLSAuthorities(pem: file.bytes)
        } catch {
            value.complain(sentence(error, file.path, file.path))
            return nil
        }
    }

    private func sentence(_ error: TLSMaterialError, _ path: String, _ certificatePath: String) -> String {
        switch (error.fault, error.part) {
        case (.notPEM, .certificate):
            "the file `\(path)` holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`), or a broken one"
        case (.notPEM, .key): "the file `\(path)` holds no private key in PEM (`-----BEGIN PRIVATE KEY-----`), or a broken one"
        case (.encrypted, _):
            "the private key `\(path)` wants a passphrase; give one without, readable by this program alone "
                + "(`openssl pkey -in FILE -out NEW` takes it off)"
        case (.mismatch, _):
            "the private key `\(path)` does not belong to the first certificate of `\(certificatePath)`: give the pair that was "
                + "issued together"
        case (.expired(let at), _): "the certificate `\(path)` expired at \(Self.text(at)); give a renewed one"
        case (.notYetValid(let until), _):
            "the certificate `\(path)` is not valid before \(Self.text(until)); give one that is, or set the clock right"
        }
    }

    private func file(_ value: YAMLValue) -> (path: String, bytes: [UInt8])? {
        guard let name = value.text("a file's path") else { return nil }
        let path = name.hasPrefix("/") || directory.isEmpty ? name : directory + "/" + name
        do {
            return (path, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        } catch {
            value.complain(
                FileManager.default.fileExists(atPath: path)
                    ? "the file `\(path)` can't be read: \((error as NSError).localizedDescription)"
                    : "there is no file `\(path)`")
            return nil
        }
    }

    private static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }

    /// As certificates name hosts; never an address.
    private static func isHostName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count), text.first != ".", text.first != "-" else { return false }
        let isPlain = text.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        // A name's last label is never a number: that is how addresses are told from names.
        let last = text.split(separator: ".").last ?? ""
        return isPlain && !text.contains("..") && !last.allSatisfy(\.isNumber)
    }
}
