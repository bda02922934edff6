import Foundation

/// A Redis of its own on a free port, from the system's packages; it keeps nothing on disk.
public final class RedisServer: Sendable {
    public let port: Int
    private let server: DisposableServer

    /// - Parameters:
    ///   - port: nil takes a free one.
    ///   - password: what clients have to say first; nil for nothing.
    public init(port chosen: Int? = nil, password: String? = nil) async throws {
        let port = try chosen ?? LoopbackSocket.freePort()
        let folder = URL(fileURLWithPath: "/tmp/countersign-redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = """
            exec redis-server --port \(port) --bind 127.0.0.1 --dir '\(folder.path)' --save '' --appendonly no \
                \(password.map { "--requirepass '\($0)'" } ?? "")
            """
        self.port = port
        let server = try DisposableServer(script: script, folder: folder, signal: "KILL")
        self.server = server
        try await eventually("Redis taking connections; it printed:\n\(server.printed)") {
            server.printed.contains("Ready to accept connections")
        }
    }

    /// - Parameter parameters: what stands behind the `?`.
    public func address(_ parameters: String = "") -> String {
        "redis://127.0.0.1:\(port)" + (parameters.isEmpty ? "" : "?" + parameters)
    }

    /// Stops it where it stands: it takes connections and answers nothing.
    public func freeze() { kill(server.pid, SIGSTOP) }

    /// Lets it go on: it first does what was asked of it meanwhile.
    public func thaw() { kill(server.pid, SIGCONT) }

    /// Ends it and waits until it is gone.
    public func stop() async {
        thaw()
        let server = server
        await withCheckedContinuation { continuation in
            let thread = Thread {
                server.stop()
                continuation.resume()
            }
            thread.start()
        }
    }

    // One that stands still would not hear its keeper.
    deinit { thaw() }
}
