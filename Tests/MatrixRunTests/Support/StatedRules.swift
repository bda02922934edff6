import CaseMatrix

@testable import MatrixRun

/// The rules of ``SampleSuite``, as an oracle without a process.
struct StatedRules: Oracle {
    var gone: String? { nil }

    func expects(_ plan: CasePlan) async -> RulesStatement {
        guard let fixture = JSONTree(plan.fixture), let state = fixture["state"]?.text, let amount = fixture["amount"] else {
            return .failed("no fixture")
        }
        let first =
            state == "OK"
            ? ExpectedAnswer(status: 201, body: .object([.init("gross", amount), .init("credited", amount)]))
            : ExpectedAnswer(status: 422, body: .object([.init("code", .string(state))]))
        let second =
            state == "OK" ? ExpectedAnswer(status: 409, body: .object([.init("code", .string("PAID"))])) : first
        let lines: JSONTree =
            state == "OK" ? .array([.object([.init("kind", .string("PAYOUT")), .init("credit", amount)])]) : .array([])
        return .expects(
            ExpectedRow(
                steps: [plan.steps[0].calls.count == 1 ? [first] : [second, first]],
                readBack: ["journal": ExpectedAnswer(status: 200, body: .object([.init("lines", lines)]))]))
    }
}
