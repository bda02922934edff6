import CaseMatrix
import Comparison
import RunRecords

/// A pair of answers with a known verdict.
struct Canary: Sendable {
    enum Verdict: Sendable {
        /// It must get one of these classes.
        case classes(Set<CaseClass>)
        /// A difference at this place must be listed with the legacy's value as the legacy's.
        case difference(path: String, legacy: String?, candidate: String?)
    }

    var name: String
    var legacy: SideRun
    var candidate: SideRun
    var rules: RulesStatement = .none
    var must: Verdict

    /// A call and a read-back, as every row has them. The places have names of their own, so that no exception of a real suite fits.
    static let plan = CasePlan(
        id: "canary", dimensions: ["canary"], choices: ["yes"], fixture: "{}",
        steps: [CaseStep(calls: [CaseCall(label: "canary", operation: "canary", method: "POST", path: "/canary")])],
        readBack: [CaseCall(label: "canaryJournal", operation: "canaryJournal", method: "GET", path: "/canary/journal")])

    static let answer = #"{"canaryGross":5479,"account":"a-1","note":null,"lines":[{"amount":1},{"amount":2}],"canaryId":"x"}"#
    static let journal = #"{"lines":[{"kind":"PAYOUT","credit":4701},{"kind":"DEPOSIT","credit":100}]}"#

    /// What the answers of the plan are compared by.
    static func rules(for operation: String) -> ResponseRules {
        guard let id = try? PathPattern("$.canaryId") else { return ResponseRules() }
        return ResponseRules(rules: [Rule(path: id, action: .ignore)])
    }

    static func run(
        _ answer: String = answer, status: Int = 201, type: String = "application/json", journal: String = journal
    ) -> SideRun {
        SideRun(answers: [
            .init(label: "canary", status: status, contentType: type, body: Array(answer.utf8)),
            .init(label: "canaryJournal", status: 200, contentType: "application/json", body: Array(journal.utf8)),
        ])
    }
}
