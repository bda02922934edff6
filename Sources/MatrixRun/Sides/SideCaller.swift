internal import CaseMatrix
internal import Outbound
internal import Synchronization

/// One side of the run: where it is, the connections to it and whether it answers.
public final class SideCaller: Sendable {
    public let side: Side
    /// Without a slash at its end.
    public let url: String
    let health: SideHealth
    private let client: OutboundClient
    private let timeoutMs: Int
    let concurrency: Int

    private let run: String
    private let batches = Atomic<Int>(0)

    /// - Parameters:
    ///   - run: unique to the run where books outlive it: part of what marks a batch of accounts.
    ///   - concurrency: rows under way at a time.
    public init(_ side: Side, url: String, run: String = "run", timeoutMs: Int = 10_000, concurrency: Int = 32) {
        self.side = side
        self.run = run
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.timeoutMs = timeoutMs
        self.concurrency = max(1, concurrency)
        health = SideHealth()
        // A step's calls come on top of one call per row.
        let connections = max(8, concurrency * 3)
        client = OutboundClient(connectionsMax: connections, connectionsPerHostMax: connections)
    }

    /// Ends the connections. Blocks until the client's thread has ended.
    public func close() { client.close() }

    /// A sentence once the side is taken for gone.
    public var gone: String? { health.gone }

    func nextBatch() -> String { "\(run)-\(batches.add(1, ordering: .relaxed).newValue)" }

    func answer(_ call: CaseCall) async throws(SideFailure) -> SideTranscript.Answer {
        let answer = try await send(call.method, call.path, headers: call.headers, body: call.body.map { Array($0.utf8) } ?? [])
        return SideTranscript.Answer(
            label: call.label, status: answer.status, contentType: answer.header("content-type"), body: answer.body)
    }

    func send(
        _ method: String, _ path: String, headers: [CaseHeader] = [], body: [UInt8] = []
    ) async throws(SideFailure) -> OutboundAnswer {
        if let gone = health.gone { throw SideFailure(sentence: gone) }
        let request = OutboundRequest(
            method: method, url: url + path, headers: headers.map { ($0.name, $0.value) }, body: body, timeoutMs: timeoutMs,
            connectTimeoutMs: min(3_000, timeoutMs))
        do throws(OutboundError) {
            let answer = try await client.send(request)
            health.succeeded()
            return answer
        } catch {
            if error.code != .badURL, error.code != .cancelled, error.code != .answerTooLarge { health.failed(error) }
            throw SideFailure(sentence: error.sentence)
        }
    }
}

/// Why a side gave no answer: one sentence.
struct SideFailure: Error, Hashable {
    var sentence: String
}
