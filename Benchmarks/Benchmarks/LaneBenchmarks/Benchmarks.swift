import Benchmark
import Comparison
import NIOCore
import ShadowProxy
import Verdicts

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.metrics = [.wallClock, .throughput]
    Benchmark.defaultConfiguration.warmupIterations = 2
    Benchmark.defaultConfiguration.maxDuration = .milliseconds(150)
    // Few enough to end within one turn of the processor.
    let calls = 100
    Benchmark.defaultConfiguration.tags = ["calls": String(calls)]
    for course in [Course.read, .readInOrder, .mirroredWrite] {
        // Made by the first call: a lane in memory belongs to the thread that made it.
        var lane: MemoryLane?
        let request = course.request
        Benchmark("lane/\(course.rawValue)") { benchmark in
            let made = try lane ?? course.lane()
            lane = made
            let before = made.snapshot.count(.match)
            benchmark.startMeasurement()
            for _ in 0..<calls { blackHole(try made.send(request)) }
            benchmark.stopMeasurement()
            guard made.snapshot.count(.match) == before + calls else {
                return benchmark.error("a request had another verdict than match")
            }
        }
    }
}

/// What becomes of the request. Both sides answer a payout of about 330 bytes, equal but for its ignored id.
private enum Course: String {
    /// To both sides at once.
    case read
    /// The same, in its key's order.
    case readInOrder = "read-in-key-order"
    /// In its key's order, to the shadow after the primary's answer, noted in the journal (in memory).
    case mirroredWrite = "mirrored-write-in-key-order"

    func lane() throws -> MemoryLane {
        var operation = OperationPlan(
            name: "payout", method: self == .mirroredWrite ? "POST" : "GET",
            pathTemplate: "/v1/accounts/{id}/interest-payouts", mode: self == .mirroredWrite ? .mirroredWrite : .read)
        operation.keys = [.path("id")]
        operation.order = self == .read ? .none : .key
        operation.rules = ResponseRules(rules: [Rule(path: try PathPattern("$.payoutId"), action: .ignore)])
        return try MemoryLane(
            operations: [operation], legacy: Self.answer(id: "LP100000000042"), candidate: Self.answer(id: "NP700000031337"))
    }

    var request: ByteBuffer {
        let path = "/v1/accounts/1000-0000-0001/interest-payouts"
        let fields = "Host: bank.example\r\nUser-Agent: caller/1.0\r\nAccept: application/json\r\n"
        guard self == .mirroredWrite else { return ByteBuffer(string: "GET \(path) HTTP/1.1\r\n\(fields)\r\n") }
        let body = #"{"channel":"MOBILE"}"#
        return ByteBuffer(
            string: "POST \(path) HTTP/1.1\r\n\(fields)Idempotency-Key: 01890c24-905b-7122-b170-b60814e6ee06\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private static func answer(id: String) -> String {
        let body =
            #"{"payoutId":"\#(id)","accountId":"1000-0000-0001","businessDate":"2026-03-02","#
            + #""period":{"from":"2025-09-01","to":"2026-03-01","days":182},"grossInterest":15342,"incomeTax":2147,"#
            + #""localIncomeTax":214,"netInterest":12981,"balanceAfter":2012981,"heldAmount":0,"currency":"KRW","#
            + #""processedAt":"2026-03-02T09:00:00+09:00"}"#
        return "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
