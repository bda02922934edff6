import Foundation
import NIOConcurrencyHelpers

/// A PostgreSQL of its own, from the system's packages. Root may not run it: it runs as `postgres` then.
public final class PostgresServer: Sendable {
    public let port: Int
    private let folder: URL
    private let script: String
    /// The last one runs, or ran last. The others' folder is the same, and is gone with the first of them that is let go.
    private let servers: NIOLockedValueBox<[DisposableServer]>

    /// One for all tests of this process; each takes a schema of its own.
    public static func shared() async throws -> PostgresServer { try await common.value }

    private static let common = Task { try await PostgresServer() }

    /// - Parameters:
    ///   - port: nil takes a free one.
    ///   - options: of the server, as its command line has them.
    ///   - certificates: for TLS, with the one named `server`.
    ///   - onlyTLS: callers without it are refused.
    public init(port chosen: Int? = nil, options: String = "", certificates: TestCertificates? = nil, onlyTLS: Bool = false)
        async throws
    {
        let port = try chosen ?? LoopbackSocket.freePort()
        let folder = URL(fileURLWithPath: "/tmp/countersign-postgres-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let tls =
            certificates.map { certificates in
                // The key must be the server's own.
                "for f in crt:\(certificates.certificate("server")) key:\(certificates.key("server")); do"
                    + " install -m 600 ${as:+-o postgres} ${f#*:} '\(folder.path)/data/server.'${f%%:*}; done"
                    + (onlyTLS ? "; echo 'hostssl all all 127.0.0.1/32 trust' >'\(folder.path)/data/pg_hba.conf'" : "")
            } ?? ""
        // Without fsync: what is tested is what becomes of our programs when they are killed, not of the machine.
        let script = """
            set -e
            PATH=$(pg_config --bindir):$PATH
            if [ "$(id -u)" = 0 ]; then chown postgres '\(folder.path)'; as="setpriv --reuid=postgres --regid=postgres --init-groups"; fi
            [ -d '\(folder.path)/data' ] || ${as:-} initdb -D '\(folder.path)/data' -U test --auth=trust --encoding=UTF8 --no-locale --no-sync
            \(tls)
            exec ${as:-} postgres -D '\(folder.path)/data' -h 127.0.0.1 -p \(port) -k '' -c fsync=off -c synchronous_commit=off \
                -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB \(certificates == nil ? "" : "-c ssl=on") \(options)
            """
        self.port = port
        self.folder = folder
        let server = try DisposableServer(script: script, folder: folder, signal: "INT")
        servers = NIOLockedValueBox([server])
        self.script = script
        try await Self.ready(server)
    }

    private static func ready(_ server: DisposableServer) async throws {
        try await eventually("PostgreSQL taking connections; it printed:\n\(server.printed)", within: 60) {
            server.printed.contains("database system is ready to accept connections")
        }
    }

    /// Ends the server, with all its connections, and keeps its data.
    public func halt() async throws {
        guard let server = servers.withLockedValue({ $0.last }) else { return }
        kill(server.pid, SIGINT)
        try await eventually("PostgreSQL's end", within: 60) { server.printed.contains("database system is shut down") }
    }

    /// Starts it again after ``halt()``, on the same port and data.
    public func resume() async throws {
        // Its log says that it was ready once.
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("server.log"))
        let next = try DisposableServer(script: script, folder: folder, signal: "INT")
        servers.withLockedValue { $0.append(next) }
        try await Self.ready(next)
    }

    /// With a schema that no other test uses.
    public func address(schema: String? = nil) -> String {
        let schema = schema ?? "s" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
        return "postgres://test@127.0.0.1:\(port)/postgres?schema=\(schema)"
    }

    /// The server's main process: for stopping and killing it.
    public var pid: Int32 { servers.withLockedValue { $0.last?.pid ?? 0 } }

    public func stop() { for server in servers.withLockedValue({ $0 }).reversed() { server.stop() } }
}
