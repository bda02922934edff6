import Reports
import RunRecords

/// What the template sees: text ready to be shown (the template escapes it), and nothing to compute.
struct GatePage {
    static let casesMax = 300
    /// Cases that stand above the runs; the others are folded away.
    static let casesFirst = 10

    struct Figure {
        var value: String
        var label: String
    }

    /// A piece of the bar under the headline; `style` is made of digits only.
    struct Share {
        var kind: String
        var label: String
        var count: String
        var style: String
    }

    struct Reason {
        var tone: String
        var rule: String
        var place: String
        var measured: String
        var required: String
        var sentence: String

        init(_ reason: GateReason) {
            tone = reason.tone.word
            rule = GatePage.text(reason.rule)
            place = GatePage.text(reason.place)
            measured = GatePage.text(reason.measured)
            required = GatePage.text(reason.required)
            sentence = GatePage.text(reason.sentence, 1_000)
        }
    }

    var style = ReportStyle.css
    var headline: String
    var tone: String
    var waved: Bool
    var exitCode: String
    var written: String
    var program: String
    var policy: String
    var figures: [Figure]
    var shares: [Share]
    var hasShares: Bool
    var findings: [Reason]
    var hasFindings: Bool
    var passed: [Reason]
    var passedCount: String
    var hasPassed: Bool
    var runs: [GatePageRun]
    var cases: [GatePageCase]
    var hasCases: Bool
    var caseCount: String
    var more: [GatePageCase]
    var moreCount: String
    var hasMore: Bool
    var casesOmitted: String
    var hasOmitted: Bool

    init(_ report: GateReport) {
        let decision = report.decision
        headline = Self.text(decision.headline)
        tone =
            switch decision.verdict {
            case .passed: "proven"
            case .inconclusive, .unreachable: "unproven"
            case .failed, .untrusted: "disproven"
            }
        waved = decision.waved
        exitCode = "\(decision.exitCode)"
        written = Self.text(report.createdAt)
        program = Self.text(report.program)
        policy = Self.text(report.policy.source)
        let totals = report.runs.map(\.totals)
        func sum(_ part: KeyPath<RunTotals, Int>) -> Int { totals.reduce(0) { $0 + $1[keyPath: part] } }
        figures = [
            Figure(value: ReportText.number(report.runs.count), label: report.runs.count == 1 ? "run" : "runs"),
            Figure(value: ReportText.number(sum(\.compared)), label: "compared"),
            Figure(value: ReportText.number(report.runs.reduce(0) { $0 + $1.mismatchesSeen }), label: "mismatches"),
            Figure(value: ReportText.number(decision.findings.count), label: decision.findings.count == 1 ? "reason" : "reasons"),
        ]
        let parts: [(String, String, Int)] = [
            ("match", "agreed", sum(\.agreed)), ("tolerated", "excused", sum(\.excused)),
            ("mismatch", "mismatched", sum(\.mismatched)),
            ("shadow-error", "flaky", sum(\.flaky)), ("primary-error", "no verdict", sum(\.errors)),
            ("shed", "not run", sum(\.notRun)),
        ]
        let planned = max(1, parts.reduce(0) { $0 + $1.2 })
        shares = parts.filter { $0.2 > 0 }.map { kind, label, count in
            Share(
                kind: kind, label: label, count: ReportText.number(count),
                style: "flex-grow:\(max(Int(Int128(count) * 1_000 / Int128(planned)), 4))")
        }
        hasShares = !shares.isEmpty
        findings = decision.findings.map(Reason.init)
        hasFindings = !findings.isEmpty
        passed = decision.reasons.filter { $0.tone == .passed }.map(Reason.init)
        passedCount = ReportText.count(passed.count, "check")
        hasPassed = !passed.isEmpty
        runs = report.runs.map(GatePageRun.init)
        let worst = report.worstFirst
        let shown = worst.prefix(Self.casesMax).map { GatePageCase($0.record, run: $0.run.title) }
        cases = Array(shown.prefix(Self.casesFirst))
        more = Array(shown.dropFirst(Self.casesFirst))
        hasCases = !cases.isEmpty
        let omitted = worst.count - shown.count + report.runs.reduce(0) { $0 + $1.casesOmitted }
        caseCount = ReportText.number(worst.count)
        casesOmitted = ReportText.count(omitted, "more case")
        hasOmitted = omitted > 0
        moreCount = ReportText.count(more.count + omitted, "more case")
        hasMore = more.count + omitted > 0
    }

    static func text(_ text: String, _ max: Int = 400) -> String { ReportText.visible(CaseText.clip(text, to: max)) }
}
