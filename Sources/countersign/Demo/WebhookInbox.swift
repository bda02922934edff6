import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A webhook's receiver for the demo: takes every POST on loopback and keeps it.
final class WebhookInbox: Sendable {
    private let state = Mutex<[Data]>([])
    private let task: Mutex<Task<Void, any Error>?> = Mutex(nil)

    /// Starts listening; the URL to post to.
    func open() async throws -> String {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("/alerts") { [self] request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            keep(Data(body.readableBytesView))
            return HTTPResponse.Status.noContent
        }
        // Closing it in the middle of a connection is no matter to report.
        var quiet = Logger(label: "webhook")
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            }, logger: quiet)
        task.withLock { $0 = Task { try await application.run() } }
        guard let chosen = await ports.first(where: { _ in true }), chosen > 0 else {
            throw ExitStatus.unavailable.because("the webhook receiver could not listen on 127.0.0.1")
        }
        return "http://127.0.0.1:\(chosen)/alerts"
    }

    /// The first letter whose text is wanted, waiting for it up to `seconds`.
    func first(within seconds: Int, where wanted: @escaping @Sendable (String) -> Bool = { _ in true }) async -> Data? {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if let letter = state.withLock({ $0.first { wanted(String(decoding: $0, as: UTF8.self)) } }) { return letter }
            guard ContinuousClock.now < end, !Task.isCancelled else { return nil }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    var count: Int { state.withLock { $0.count } }

    func empty() { state.withLock { $0 = [] } }

    func close() { task.withLock { $0?.cancel() } }

    private func keep(_ letter: Data) {
        state.withLock { $0.append(letter) }
    }
}
