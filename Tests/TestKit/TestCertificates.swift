import Foundation
import NIOConcurrencyHelpers
import NIOCore
public import NIOSSL

/// Certificates made by `openssl` for this run of the tests, as PEM files in a folder of their own:
///
/// | name | is |
/// | --- | --- |
/// | `authority` | the authority that is trusted |
/// | `server`, `renewed` | for `localhost` and 127.0.0.1, both for the same job |
/// | `expired` | for the same, until yesterday |
/// | `elsewhere` | for `elsewhere.example` alone |
/// | `client` | a caller's |
/// | `stranger` | another authority |
/// | `stranger-server`, `stranger-client` | signed by it |
public final class TestCertificates: Sendable {
    public let folder: String
    /// Nil for the shared ones, whose folder goes with the process.
    private let owner: TemporaryDirectory?

    /// Made at the first use, for all tests that change nothing there.
    public static func shared() async throws -> TestCertificates { try await making.value }

    private static let making = Task {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-certificates-\(getpid())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit {
            try? FileManager.default.removeItem(
                at: FileManager.default.temporaryDirectory.appendingPathComponent("countersign-certificates-\(getpid())"))
        }
        return try await TestCertificates(folder: folder, owner: nil)
    }

    /// In a folder of its own, for tests that change files.
    public static func fresh() async throws -> TestCertificates {
        let owner = try TemporaryDirectory()
        return try await TestCertificates(folder: owner.path, owner: owner)
    }

    private init(folder: String, owner: TemporaryDirectory?) async throws {
        self.folder = folder
        self.owner = owner
        let result = try await Tool.run("/bin/bash", ["-c", Self.script, "bash", folder])
        guard result.status == 0 else { throw TestTimeout("openssl made no certificates: \(result.output)") }
    }

    public func certificate(_ name: String) -> String { folder + "/\(name).pem" }
    public func key(_ name: String) -> String { folder + "/\(name).key" }
    public func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    private static let script = """
        set -euo pipefail
        cd "$1"
        exec 2>&1
        authority() {
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" \
                -days 30 -addext basicConstraints=critical,CA:true
        }
        issue() { # name, authority, days, usage, alternative names
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
            printf 'extendedKeyUsage=%s\\nsubjectAltName=%s\\n' "$4" "$5" >"$1.ext"
            openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$3" -extfile "$1.ext" -out "$1.pem"
        }
        authority authority
        authority stranger
        here=DNS:localhost,IP:127.0.0.1
        issue server authority 30 serverAuth "$here"
        issue renewed authority 30 serverAuth "$here"
        issue expired authority -1 serverAuth "$here"
        issue elsewhere authority 30 serverAuth DNS:elsewhere.example
        issue client authority 30 clientAuth DNS:client.example
        issue stranger-server stranger 30 serverAuth "$here"
        issue stranger-client stranger 30 clientAuth DNS:client.example
        """

    // MARK: For stubs and callers

    /// What a server shows.
    ///
    /// - Parameters:
    ///   - authority: of the callers' certificates that it demands; nil demands none.
    ///   - newest: the newest version of TLS that it speaks.
    public func serverContext(
        _ name: String = "server", demanding authority: String? = nil, newest: TLSVersion? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try pem(name))], privateKey: .privateKey(try privateKey(name)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.maximumTLSVersion = newest
        // Closing does not wait for the peer to say that it closes too.
        configuration.shutdownTimeout = .zero
        if let authority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates([try pem(authority)])
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// What a caller trusts and shows.
    public func clientContext(
        trusting authority: String = "authority", showing name: String? = nil, newest: TLSVersion? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.maximumTLSVersion = newest
        // Closing does not wait for the peer to say that it closes too.
        configuration.shutdownTimeout = .zero
        configuration.trustRoots = .certificates([try pem(authority)])
        if let name {
            configuration.certificateChain = [.certificate(try pem(name))]
            configuration.privateKey = .privateKey(try privateKey(name))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func pem(_ name: String) throws -> NIOSSLCertificate {
        guard let first = try NIOSSLCertificate.fromPEMFile(certificate(name)).first else {
            throw TestTimeout("no certificate in \(certificate(name))")
        }
        return first
    }

    private func privateKey(_ name: String) throws -> NIOSSLPrivateKey { try NIOSSLPrivateKey(file: key(name), format: .pem) }
}

/// A program of the system, run to its end.
public enum Tool {
    /// Status, and standard output and error together.
    public static func run(_ path: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let status = NIOLockedValueBox<Int32?>(nil)
        let output = NIOLockedValueBox<(bytes: Data, isWhole: Bool)>((Data(), false))
        process.terminationHandler = { ended in status.withLockedValue { $0 = ended.terminationStatus } }
        try process.run()
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread {
            let bytes = handle.readDataToEndOfFile()
            output.withLockedValue { $0 = (bytes, true) }
        }
        try await eventually("`\(path)` ending", within: 60) {
            status.withLockedValue { $0 != nil } && output.withLockedValue { $0.isWhole }
        }
        return (
            status.withLockedValue { $0 } ?? -1, String(decoding: output.withLockedValue { $0.bytes }, as: UTF8.self)
        )
    }
}
