import Foundation
import Verdicts

/// What the template sees: text ready to be shown (the template escapes it), and nothing to compute.
struct HTMLReportPage {
    struct Figure {
        var value: String
        var label: String
    }

    /// A piece of the bar under the headline; `style` is made of digits only.
    struct Share {
        var verdict: String
        var count: String
        var style: String
    }

    struct Row {
        var name: String
        var cells: [Cell]
        var total: String
    }

    struct Cell {
        var text: String
        var tone: String
    }

    struct Key {
        var key: String
        var standing: String
        var cause: String
    }

    struct Bound {
        var name: String
        var count: String
    }

    var style = ReportStyle.css
    var headline: String
    var tone: String
    var remarks: [String]
    var hasRemarks: Bool
    var written: String
    var period: String
    var legacy: String
    var candidate: String
    var candidateShare: String
    var source: String
    var figures: [Figure]
    var shares: [Share]
    var verdicts: [String]
    var rows: [Row]
    var totals: Row
    var conservation: String
    var conserved: Bool
    var incidents: [HTMLIncidentCard]
    var incidentCount: String
    var hasIncidents: Bool
    var latencies: [HTMLLatencyRow]
    var hasLatencies: Bool
    var keys: [Key]
    var hasKeys: Bool
    var bounds: [Bound]
    var hasBounds: Bool

    init(_ report: RunReport) {
        let finding = report.finding
        let seen = Verdict.allCases.filter { report.count($0) > 0 }
        headline = finding.headline
        tone = finding.tone.rawValue
        remarks = finding.remarks
        hasRemarks = !finding.remarks.isEmpty
        written = ReportText.time(report.generatedAt)
        period = [report.since, report.until].compactMap { $0.map(ReportText.time) }.joined(separator: " – ")
        legacy = ReportText.visible(report.plan.legacy)
        candidate = ReportText.visible(report.plan.candidate)
        candidateShare = ReportText.share(thousandths: report.plan.candidateShare)
        source = ReportText.visible(report.plan.source)
        figures = [
            Figure(value: ReportText.number(report.received), label: "received"),
            Figure(value: ReportText.number(report.compared), label: "compared"),
            Figure(value: ReportText.number(report.count(.mismatch)), label: "mismatches"),
            Figure(
                value: ReportText.number(report.incidents.count), label: report.incidents.count == 1 ? "incident" : "incidents"),
        ]
        let decided = max(1, report.decided)
        shares = seen.map { verdict in
            let count = report.count(verdict)
            return Share(
                verdict: verdict.name, count: ReportText.number(count), style: "flex-grow:\(max(count * 1_000 / decided, 4))")
        }
        verdicts = seen.map(\.name)
        rows = report.operations.map { operation in
            Row(
                name: ReportText.visible(operation.operation), cells: seen.map { Cell($0, operation[$0]) },
                total: ReportText.number(operation.settled))
        }
        totals = Row(name: "all", cells: seen.map { Cell($0, report.count($0)) }, total: ReportText.number(report.decided))
        conservation =
            "\(ReportText.number(report.received)) received = \(ReportText.number(report.decided)) decided"
            + " + \(ReportText.number(report.inFlight)) in flight + \(ReportText.number(report.awaitingComparison)) awaiting comparison"
        conserved = report.isConserved
        incidents = report.incidents.map(HTMLIncidentCard.init)
        incidentCount = ReportText.number(report.incidents.count)
        hasIncidents = !report.incidents.isEmpty
        let longest = report.latencies.map(\.p99).max() ?? 0
        latencies = report.latencies.map { HTMLLatencyRow($0, longest: longest) }
        hasLatencies = !report.latencies.isEmpty
        keys = report.keys.map {
            Key(key: ReportText.visible($0.key), standing: $0.standing.rawValue, cause: ReportText.visible($0.cause))
        }
        hasKeys = !report.keys.isEmpty
        bounds = report.bounds.filter { $0.count > 0 }.map {
            Bound(name: ReportText.visible($0.name), count: ReportText.number($0.count))
        }
        hasBounds = !bounds.isEmpty
    }
}

extension HTMLReportPage.Cell {
    init(_ verdict: Verdict, _ count: Int) {
        self.init(text: count == 0 ? "·" : ReportText.number(count), tone: count == 0 ? "none" : verdict.name)
    }
}
