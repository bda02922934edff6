import InterestContract
import LegacyCore
import Outbound
import Testing

/// Runs a legacy core on a port of its own for the length of `body`, and stops it.
func withServedBank(
    _ configuration: LegacyCoreConfiguration, _ body: @escaping @Sendable (ServedBank) async throws -> Void
) async throws {
    let core = try await LegacyCore(configuration, logger: Bank.logger)
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { announce.finish() }
            try await core.run { port in announce.yield(port) }
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let client = OutboundClient()
        defer { client.close() }
        try await body(ServedBank(client: client, base: "http://127.0.0.1:\(port)"))
        group.cancelAll()
    }
}

struct ServedBank: Sendable {
    let client: OutboundClient
    let base: String

    func send(
        _ method: String, _ path: String, _ body: [UInt8] = [], key: String? = nil, at time: String? = Bank.today,
        mode: String? = nil
    ) async throws -> Reply {
        var headers = [("Content-Type", "application/json")]
        if let key { headers.append(("Idempotency-Key", key)) }
        if let time { headers.append(("X-Request-Time", time)) }
        if let mode { headers.append(("X-Shadow-Mode", mode)) }
        let answer = try await client.send(
            OutboundRequest(method: method, url: base + path, headers: headers, body: body, timeoutMs: 30_000))
        var reply = Reply(status: answer.status, contentType: answer.header("Content-Type") ?? "", body: answer.body)
        reply.retryAfter = answer.header("Retry-After")
        return reply
    }

    func payout(_ id: String, key: String = Bank.freshKey(), at time: String? = Bank.today) async throws -> Reply {
        try await send("POST", "/v1/accounts/\(id)/interest-payouts", Array(Bank.channel.utf8), key: key, at: time)
    }
}
