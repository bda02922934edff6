import Foundation
import Reports
import Testing
import Verdicts

@Suite("A run's finding")
struct FindingTests {
    private func report(_ verdicts: [Verdict: Int], received: Int? = nil, keys: [KeyReport] = []) -> RunReport {
        var report = SampleReports.clean()
        report.operations = [OperationCounts(operation: "a", received: verdicts.values.reduce(0, +), verdicts: verdicts)]
        report.received = received ?? verdicts.values.reduce(0, +)
        report.keys = keys
        return report
    }

    @Test(
        "The tone follows the counts",
        arguments: [
            ([.match: 1], Finding.Tone.proven, "0 mismatches in 1 comparison"),
            ([.match: 1, .never: 7], .proven, "0 mismatches in 1 comparison"),
            ([.tolerated: 2], .proven, "0 mismatches in 2 comparisons"),
            ([.match: 1_000, .mismatch: 1], .disproven, "1 mismatch in 1\u{202F}001 comparisons"),
            ([.never: 5], .unproven, "Nothing was compared"),
            ([:], .unproven, "Nothing was compared"),
            ([.match: 9, .shadowError: 1], .unproven, "0 mismatches in 9 comparisons"),
            ([.match: 9, .shadowTimeout: 1], .unproven, "0 mismatches in 9 comparisons"),
        ] as [([Verdict: Int], Finding.Tone, String)])
    func tones(_ verdicts: [Verdict: Int], _ tone: Finding.Tone, _ headline: String) {
        let finding = report(verdicts).finding
        #expect(finding.tone == tone)
        #expect(finding.headline == headline)
    }

    @Test("A run that lost a request proves nothing")
    func unconserved() {
        let finding = report([.match: 9], received: 10).finding
        #expect(finding.tone == .unproven)
        #expect(finding.remarks == ["10 received but 9 accounted for."])
    }

    @Test("What is in flight is accounted for")
    func inFlight() {
        var report = report([.match: 9], received: 12)
        report.inFlight = 2
        report.awaitingComparison = 1
        #expect(report.isConserved)
        #expect(report.finding.tone == .proven)
    }

    @Test("A candidate that could not be caught up never looks clean")
    func diverged() {
        let finding = report([.match: 9], keys: [KeyReport(key: "k", standing: .diverged, cause: "20 tries")]).finding
        #expect(finding.tone == .disproven)
        #expect(finding.headline == "1 diverged key, 0 mismatches in 9 comparisons")
    }

    @Test("A key that is behind is no proof yet", arguments: [KeyReport.Standing.behind, .unverified])
    func standing(_ standing: KeyReport.Standing) {
        let finding = report([.match: 9], keys: [KeyReport(key: "k", standing: standing, cause: "")]).finding
        #expect(finding.tone == .unproven)
        #expect(finding.remarks.count == 1)
    }

    @Test("A write that differed when it was caught up late disproves, though its verdict was another")
    func late() {
        var late = report([.match: 9, .shadowError: 1])
        late.incidents = SampleReports.mismatching().incidents
        late.incidents[0].count = 1
        #expect(late.finding.tone == .disproven)
        #expect(late.finding.headline == "1 mismatch in writes that were caught up late")
        late.operations[0].verdicts[.mismatch] = 1
        late.received += 1
        #expect(late.lateMismatches == 0)
        #expect(late.finding.headline == "1 mismatch in 10 comparisons")
    }
}
