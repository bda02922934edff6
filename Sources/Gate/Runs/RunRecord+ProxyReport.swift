internal import Comparison
internal import Foundation
public import Reports
public import RunRecords
internal import Verdicts

extension RunRecord {
    /// A proxy's report as a run.
    ///
    /// What the proxy meant to compare and could not (candidate or primary failed, shed at a bound, cut off by a crash) are errors;
    /// what it was told not to compare is not run. Writes that were caught up late and answered otherwise count as mismatches instead
    /// of the errors that they were before, and each diverged key is one more comparison that failed.
    public init(proxy report: RunReport) {
        let since = report.since ?? report.generatedAt
        let until = report.until ?? report.generatedAt
        let diverged = report.keys.filter { $0.standing == .diverged }
        var totals = RunTotals()
        totals.errors = Self.failed.reduce(0) { $0 + report.count($1) }
        let late = report.lateMismatches
        totals.errors -= min(late, totals.errors)
        totals.agreed = report.count(.match) + report.count(.tolerated)
        totals.mismatched = report.count(.mismatch) + late + diverged.count
        totals.compared = totals.agreed + totals.mismatched
        totals.notRun = Self.leftOut.reduce(0) { $0 + report.count($1) } + report.inFlight + report.awaitingComparison
        totals.planned = totals.compared + totals.errors + totals.notRun
        self.init(
            kind: .proxy, name: report.plan.source, startedAt: RunInstant.text(since), finishedAt: RunInstant.text(until),
            legacy: report.plan.legacy, candidate: report.plan.candidate, totals: totals)
        operations = report.operations.compactMap { counts in Self.operation(counts, report.incidents) }
        if late > 0 { operations.append(OperationRecord(name: "late writes", compared: late, mismatched: late)) }
        if !diverged.isEmpty {
            operations.append(OperationRecord(name: "diverged keys", compared: diverged.count, mismatched: diverged.count))
        }
        unreachable = Self.silent(report)
        let all = report.incidents.map(CaseRecord.init(incident:)) + diverged.map(CaseRecord.init(diverged:))
        // One incident stands for many mismatches; never list more than were counted.
        let mismatches = all.filter(\.isMismatch)
        cases = all.filter { !$0.isMismatch } + mismatches.prefix(totals.mismatched)
        casesOmitted = max(0, mismatches.count - totals.mismatched)
        if !report.isConserved {
            remarks.append("The proxy's counts don't add up: \(report.received) received, \(report.decided) decided.")
            // Carried over, so that the gate sees it as well.
            self.totals.planned = max(report.received, totals.planned + 1)
        }
        let behind = report.keys.count { $0.standing == .behind }
        if behind > 0 { remarks.append("\(ReportText.count(behind, "key")) still being caught up.") }
        let unverified = report.keys.count { $0.standing == .unverified }
        if unverified > 0 { remarks.append("\(ReportText.count(unverified, "key")) unverified.") }
    }

    private static let failed: [Verdict] = [.shadowError, .shadowTimeout, .primaryError, .shed, .interrupted]
    private static let leftOut: [Verdict] = [.oversize, .notComparable, .never, .unsampled]

    /// Nil for operations that are not compared by plan.
    private static func operation(_ counts: OperationCounts, _ incidents: [IncidentReport]) -> OperationRecord? {
        let errors = failed.reduce(0) { $0 + counts[$1] }
        guard counts.compared + errors > 0 else { return nil }
        let critical = incidents.filter {
            $0.operation == counts.operation && $0.severity == .critical && $0.kind == Verdict.mismatch.name
        }.reduce(0) { $0 + $1.count + $1.cascades }
        return OperationRecord(
            name: counts.operation, compared: counts.compared, mismatched: counts[.mismatch],
            critical: min(critical, counts[.mismatch]), errors: errors)
    }

    /// A side that answered nothing at all.
    private static func silent(_ report: RunReport) -> [UnreachableRecord] {
        guard report.compared == 0 else { return [] }
        let candidate = report.count(.shadowError) + report.count(.shadowTimeout)
        let primary = report.count(.primaryError)
        var records: [UnreachableRecord] = []
        if candidate > 0 {
            records.append(
                UnreachableRecord(side: "candidate", sentence: "it answered none of \(ReportText.count(candidate, "request"))."))
        }
        if primary > 0 {
            records.append(
                UnreachableRecord(side: "legacy", sentence: "it answered none of \(ReportText.count(primary, "request"))."))
        }
        return records
    }
}

extension CaseRecord {
    fileprivate init(incident: IncidentReport) {
        let differs = incident.kind == Verdict.mismatch.name || incident.kind == "diverged"
        let sample = incident.sample
        self.init(
            id: "proxy#\(incident.fingerprint)", operation: incident.operation, outcome: differs ? .candidateWrong : .error,
            critical: incident.severity == .critical,
            title: "\(incident.operation): \(incident.path) \(differs ? "differs" : incident.kind), \(incident.count)×",
            differences: (sample?.differences ?? []).filter { !$0.tolerated }.map {
                CaseDifference(
                    answer: incident.operation, path: $0.path, kind: $0.kind.rawValue, legacy: $0.legacy,
                    candidate: $0.candidate, expected: nil, critical: $0.severity == .critical)
            },
            curl: (sample?.reproduce).map { $0.split(separator: "\n").map(String.init) } ?? [],
            note: sample.map { sample in
                "\(sample.method) \(sample.target) at \(sample.instant)" + (sample.cause.map { "; \($0)" } ?? "")
                    + "; countersign replay \(sample.evidenceID)"
            })
    }

    fileprivate init(diverged key: KeyReport) {
        self.init(
            id: "proxy#key-\(key.key)", operation: "diverged keys", outcome: .candidateWrong, critical: false,
            title: "key \(key.key) has diverged: \(key.cause)")
    }
}
