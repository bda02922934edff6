import CaseDesign
import CaseMatrix
import Comparison
import RuleFiles

@testable import MatrixRun

/// A suite without a file: an account with an amount, one payout, the journal read back.
struct SampleSuite: RunnableSuite {
    var name = "sample"
    var dimensions = [
        SuiteDimension(name: "amount", values: ["100", "0", "1", "9007199254740993"]),
        SuiteDimension(name: "state", values: ["OK", "FROZEN", "DEAD"]),
        SuiteDimension(name: "channel", values: ["MOBILE", "ATM"]),
        SuiteDimension(name: "delivery", values: ["once", "two-at-once"]),
    ]
    var defaults = CaseRow([0, 0, 0, 0])
    var adjustable: [AdjustableVariable] = [AdjustableVariable(name: "opening", kind: .amount)]
    var loading = FixtureLoading(path: "/fixtures")
    var settling: Settling?
    var forbids: @Sendable (CaseRow) -> Bool = { _ in false }
    var invariants: @Sendable (SideTranscript, CasePlan) -> [InvariantViolation] = { _, _ in [] }

    func rules(for operation: String) -> ResponseRules {
        guard let id = try? PathPattern("$.id"), let gross = try? PathPattern("$.gross") else { return ResponseRules() }
        return ResponseRules(rules: [Rule(path: id, action: .ignore), Rule(path: gross, action: .severity(.critical))])
    }

    func plan(_ row: CaseRow, case id: String, overriding: [String: String]) throws(ConfigurationError) -> CasePlan {
        let choices = zip(dimensions, row.values).map { $0.values[$1] }
        let amount = overriding["opening"] ?? choices[0]
        func payout(_ label: String) -> CaseCall {
            CaseCall(
                label: label, operation: "payout", method: "POST", path: "/accounts/\(id)/payouts",
                headers: [
                    CaseHeader("Idempotency-Key", "\(id)-\(label)"), CaseHeader("X-Request-Time", "2026-03-02T09:00:00+09:00"),
                ],
                body: #"{"channel":"\#(choices[2])"}"#)
        }
        let calls = choices[3] == "once" ? [payout("payout")] : [payout("payout"), payout("payout2")]
        return CasePlan(
            id: id, dimensions: dimensions.map(\.name), choices: choices,
            fixture: #"{"id":"\#(id)","amount":\#(amount),"state":"\#(choices[1])"}"#, steps: [CaseStep(calls: calls)],
            readBack: [CaseCall(label: "journal", operation: "journal", method: "GET", path: "/accounts/\(id)/journal")])
    }

    func brokenInvariants(in transcript: SideTranscript, of plan: CasePlan) -> [InvariantViolation] {
        invariants(transcript, plan)
    }
    func allows(_ row: CaseRow) -> Bool { !forbids(row) }

    func value(of variable: AdjustableVariable, in row: CaseRow) -> String? { dimensions[0].values[row.values[0]] }

    /// Every combination.
    var allRows: [CaseRow] {
        dimensions.reduce([[]]) { rows, dimension in
            rows.flatMap { row in dimension.values.indices.map { row + [$0] } }
        }.map { CaseRow($0) }
    }
}
