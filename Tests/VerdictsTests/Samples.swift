import Comparison
import Synchronization
import Verdicts

/// Numbers that are the same in every run.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

enum Samples {
    static func request(body: String = #"{"channel":"MOBILE"}"#, headers: [[String]] = [["Idempotency-Key", "k-1"]])
        -> RecordedRequest
    {
        RecordedRequest(
            method: "POST", target: "/v1/accounts/A/interest-payouts?x=1", headers: headers, body: Array(body.utf8),
            instant: "2026-03-02T00:00:00Z")
    }

    static func answer(_ side: Side, body: String = "{}", headers: [[String]] = []) -> RecordedAnswer {
        RecordedAnswer(side: side, status: 201, headers: headers, body: Array(body.utf8), latencyMicroseconds: 1_234)
    }

    static func evidence(
        _ id: String, operation: String = "payout", verdict: Verdict = .mismatch, path: String = "$.net", at: Int64 = 1_000,
        cascadeOf: String? = nil, caughtUp: Bool = false, shadow: Bool = true, body: String = #"{"channel":"MOBILE"}"#
    ) -> Evidence {
        Evidence(
            id: id, recordedAtMicroseconds: at, operation: operation, keys: ["A", "B"], verdict: verdict, cause: "because",
            persistence: .persistent, cascadeOf: cascadeOf, caughtUp: caughtUp, request: request(body: body),
            primary: answer(.legacy, body: #"{"net":99}"#), shadow: shadow ? answer(.candidate, body: #"{"net":100}"#) : nil,
            differences: [
                Difference(path: path, genericPath: path, kind: .value, primary: "99", shadow: "100", severity: .critical)
            ])
    }

    static func write(_ keys: [String], side: Side = .candidate, body: String = "{}") -> MissedWrite {
        MissedWrite(
            keys: keys, operation: "payout", side: side, request: request(body: body), primary: answer(side.other),
            cause: "timeout")
    }
}

/// Awaits one completion of the store.
func answer<Value: Sendable>(_ call: (@escaping @Sendable (Result<Value, any Error>) -> Void) -> Void) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in call { continuation.resume(with: $0) } }
}
