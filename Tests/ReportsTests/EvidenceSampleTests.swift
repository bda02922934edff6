import Comparison
import Reports
import Testing
import Verdicts

@Suite("Evidence in a report")
struct EvidenceSampleTests {
    @Test("Legacy stands left, whoever answered the caller", arguments: Side.allCases)
    func sides(_ primary: Side) {
        let evidence = Evidence(
            id: "e", recordedAtMicroseconds: 1, operation: "preview", keys: ["k"], verdict: .mismatch,
            request: RecordedRequest(method: "GET", target: "/a", headers: [], body: [], instant: "2026-03-02T00:00:00Z"),
            primary: RecordedAnswer(side: primary, status: 200, headers: [], body: [], latencyMicroseconds: 1),
            shadow: RecordedAnswer(side: primary.other, status: 409, headers: [], body: [], latencyMicroseconds: 1),
            differences: [Difference(path: "$.a", genericPath: "$.a", kind: .value, primary: "P", shadow: "S")])
        let sample = IncidentSample(evidence, reproduce: "curl")
        #expect(sample.legacyStatus == (primary == .legacy ? 200 : 409))
        #expect(sample.candidateStatus == (primary == .legacy ? 409 : 200))
        #expect(sample.differences.first?.legacy == (primary == .legacy ? "P" : "S"))
        #expect(sample.differences.first?.candidate == (primary == .legacy ? "S" : "P"))
    }
}
