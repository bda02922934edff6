import Logging
import Outbound
import RolloutControl
import Testing

@testable import Console

/// A console on a port of its own.
enum ConsoleUnderTest {
    /// - Parameter body: gets its URL and a client.
    static func run(
        _ source: Console.Source, access: AdminAccess = AdminAccess(), tls: ConsoleTLS? = nil,
        _ body: (String, OutboundClient) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let console = Console(host: "127.0.0.1", port: 0, source: source, access: access, tls: tls, logger: logger) {
            port.yield($0)
        }
        let client = OutboundClient()
        defer { client.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await console.run() }
            let chosen = try #require(await ports.first { _ in true })
            try await body("\(tls == nil ? "http" : "https")://127.0.0.1:\(chosen)", client)
            group.cancelAll()
        }
    }
}
