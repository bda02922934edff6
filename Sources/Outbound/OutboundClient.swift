internal import Synchronization

/// The one HTTP client outside the hot path: HTTP/1.1 over libcurl, on one thread of its own.
///
/// Connections are kept alive and used again (for requests whose policy is `.any`; others always get a fresh one, which is
/// checked). When a kept connection turns out to be dead before a byte came back, libcurl sends the request once more on a
/// fresh one: a write wants an idempotency key. Proxies of the environment are ignored.
///
///     let client = OutboundClient()
///     let answer = try await client.send(OutboundRequest(url: "http://127.0.0.1:8080/healthz"))
///     client.close()
public final class OutboundClient: Sendable {
    private let engine: CurlEngine
    private let tickets = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - connectionsMax: open connections in all; a request beyond waits for one within its own timeout.
    ///   - connectionsPerHostMax: open connections to one host and port.
    public init(connectionsMax: Int = 256, connectionsPerHostMax: Int = 256) {
        engine = CurlEngine(connectionsMax: connectionsMax, connectionsPerHostMax: connectionsPerHostMax)
    }

    deinit { engine.stop() }

    /// Sends the request and waits for the whole answer, of whatever status. A cancelled task gives the request up.
    public func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
        let ticket = nextTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.start(request, ticket: ticket) { continuation.resume(returning: $0) }
                // A cancellation before the start found nothing to cancel.
                if Task.isCancelled { engine.cancel(ticket: ticket) }
            }
        } onCancel: {
            engine.cancel(ticket: ticket)
        }
        return try result.get()
    }

    /// The form for high rates: `completion` runs once, on the client's thread (on the caller's, if the client is closed), and
    /// must not block. It may submit again.
    ///
    /// - Returns: a ticket for `cancel`.
    @discardableResult
    public func submit(
        _ request: OutboundRequest, completion: @escaping @Sendable (Result<OutboundAnswer, OutboundError>) -> Void
    ) -> UInt64 {
        let ticket = nextTicket()
        engine.start(request, ticket: ticket, completion: completion)
        return ticket
    }

    /// Gives a submitted request up; its completion runs with `cancelled`, unless it already ran.
    public func cancel(_ ticket: UInt64) { engine.cancel(ticket: ticket) }

    /// Fails what is under way with `closed`, ends the thread and waits for its end. Not to be called from a completion.
    public func close() {
        engine.stop()
        engine.join()
    }

    private func nextTicket() -> UInt64 { tickets.add(1, ordering: .relaxed).newValue }
}
