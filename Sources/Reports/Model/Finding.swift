public import Verdicts

/// A run's result in one sentence.
public struct Finding: Sendable {
    public enum Tone: String, Sendable {
        /// Compared, and nothing speaks against the candidate.
        case proven
        /// No mismatch, but something was not compared that should have been, or nothing was.
        case unproven
        /// The sides disagree.
        case disproven
    }

    public var tone: Tone
    public var headline: String
    /// What the reader should know beside it; empty when there is nothing.
    public var remarks: [String]
}

extension RunReport {
    /// All operations' verdicts together.
    public func count(_ verdict: Verdict) -> Int { operations.reduce(0) { $0 + $1[verdict] } }

    public var compared: Int { operations.reduce(0) { $0 + $1.compared } }

    public var decided: Int { operations.reduce(0) { $0 + $1.settled } }

    /// Whether every request that came in is accounted for.
    public var isConserved: Bool { received == decided + inFlight + awaitingComparison }

    /// Writes that the shadow took late and answered otherwise. They have had their verdict before (`shadow-error` …), so that only the
    /// incidents tell of them: a candidate that crashes must not look cleaner than one that answers.
    public var lateMismatches: Int {
        let seen = incidents.filter { $0.kind == Verdict.mismatch.name }.reduce(0) { $0 + $1.count + $1.cascades }
        return max(0, seen - count(.mismatch))
    }

    public var finding: Finding {
        let mismatches = count(.mismatch)
        let shadowFailures = count(.shadowError) + count(.shadowTimeout)
        let diverged = keys.count { $0.standing == .diverged }
        let incidentsBeyond = incidents.count { $0.kind != Verdict.mismatch.name }
        var remarks: [String] = []
        if !isConserved {
            remarks.append(
                "\(ReportText.number(received)) received but \(ReportText.number(decided + inFlight + awaitingComparison)) accounted for."
            )
        }
        func remark(_ count: Int, _ one: String, _ many: String) {
            if count > 0 { remarks.append("\(ReportText.number(count)) \(count == 1 ? one : many).") }
        }
        if mismatches > 0 {
            remark(lateMismatches, "write differed when it was caught up late", "writes differed when they were caught up late")
        }
        remark(shadowFailures, "request went unanswered by the candidate", "requests went unanswered by the candidate")
        remark(diverged, "key has diverged", "keys have diverged")
        remark(keys.count { $0.standing == .behind }, "key is still being caught up", "keys are still being caught up")
        remark(keys.count { $0.standing == .unverified }, "key is unverified", "keys are unverified")
        remark(count(.shed), "request was shed", "requests were shed")
        remark(count(.interrupted), "request was interrupted by a crash", "requests were interrupted by a crash")
        let comparisons = "\(ReportText.number(compared)) \(compared == 1 ? "comparison" : "comparisons")"
        if mismatches > 0 {
            let noun = mismatches == 1 ? "mismatch" : "mismatches"
            return Finding(
                tone: .disproven, headline: "\(ReportText.number(mismatches)) \(noun) in \(comparisons)", remarks: remarks)
        }
        let late = lateMismatches
        if late > 0 {
            return Finding(
                tone: .disproven,
                headline:
                    "\(ReportText.number(late)) \(late == 1 ? "mismatch" : "mismatches") in writes that were caught up late",
                remarks: remarks)
        }
        if diverged > 0 {
            let noun = diverged == 1 ? "key" : "keys"
            return Finding(
                tone: .disproven, headline: "\(ReportText.number(diverged)) diverged \(noun), 0 mismatches in \(comparisons)",
                remarks: remarks)
        }
        if compared == 0 { return Finding(tone: .unproven, headline: "Nothing was compared", remarks: remarks) }
        let clean = isConserved && shadowFailures == 0 && keys.isEmpty && incidentsBeyond == 0
        return Finding(
            tone: clean ? .proven : .unproven, headline: "0 mismatches in \(comparisons)", remarks: remarks)
    }
}
