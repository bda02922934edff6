import Foundation
import Reports
import RuleFiles
import RunRecords

/// Rules on which runs are there.
extension GateRule {
    static let required = GateRule("required") { matter in
        if matter.runs.isEmpty {
            return [
                GateReason(
                    rule: "required", measured: "no run", required: "at least one", tone: .inconclusive,
                    sentence: "No run was given: nothing was compared.")
            ]
        }
        return matter.policy.runs.required.map { required in
            let found = matter.runs.count { required.takes($0) }
            return GateReason(
                rule: "required", subject: required.title, measured: found == 0 ? "missing" : "there", required: "there",
                tone: .of(found > 0, else: .inconclusive),
                sentence: found > 0
                    ? "The run \(required.title) is there."
                    : "The run \(required.title) is required and is not among those given.")
        }
    }

    static let age = GateRule("age") { matter in
        guard let ageMax = matter.policy.runs.ageMaxMs else { return [] }
        let limit = Quantities.text(milliseconds: ageMax)
        return matter.runs.map { run in
            func reason(_ measured: String, _ tone: GateTone, _ sentence: String) -> GateReason {
                GateReason(
                    rule: "age", run: run.title, measured: measured, required: "at most \(limit)", tone: tone, sentence: sentence)
            }
            guard let finished = RunInstant.date(run.finishedAt) else {
                return reason(
                    "unknown", .inconclusive,
                    "\(run.title) says it finished at “\(run.finishedAt)”, which is no RFC 3339 instant.")
            }
            let age = matter.now.timeIntervalSince(finished)
            // Clocks of two machines are never quite the same.
            if age < -300 {
                return reason(
                    "in the future", .inconclusive, "\(run.title) says it finished at \(run.finishedAt), which is still to come.")
            }
            let shown = "\(Int(max(0, age)) / 60) min"
            let holds = age * 1_000 <= Double(ageMax)
            return reason(
                shown, .of(holds, else: .inconclusive),
                "\(run.title) finished at \(run.finishedAt), \(shown) ago; at most \(limit) may have passed.")
        }
    }

    static let candidate = GateRule("candidate") { matter in
        // A reconciliation names ledgers, not a build.
        let runs = matter.runs.filter { $0.kind != .reconciliation }
        var reasons: [GateReason] = []
        if matter.policy.runs.sameCandidate, let first = runs.first {
            let other = runs.first { $0.candidate != first.candidate }
            reasons.append(
                GateReason(
                    rule: "candidate", measured: other == nil ? "one" : "several", required: "the same in all runs",
                    tone: .of(other == nil, else: .inconclusive),
                    sentence: other.map {
                        "\(first.title) ran against “\(first.candidate)” and \($0.title) against “\($0.candidate)”: "
                            + "they don't speak of the same build."
                    } ?? "All runs name the candidate “\(first.candidate)”."))
        }
        if let build = matter.policy.runs.candidateBuild {
            reasons += runs.map { run in
                let holds = run.candidate.contains(build)
                return GateReason(
                    rule: "candidate", run: run.title, measured: run.candidate, required: build,
                    tone: .of(holds, else: .inconclusive),
                    sentence: holds
                        ? "\(run.title) ran against the build \(build)."
                        : "\(run.title) ran against “\(run.candidate)”, which is not the build \(build).")
            }
        }
        return reasons
    }
}

/// Instants as runs write them.
enum RunInstant {
    /// RFC 3339, with or without a fraction.
    static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// Whole and thousandths of seconds between two of them; nil when either can't be read.
    static func milliseconds(from start: String, to end: String) -> Int? {
        guard let start = date(start), let end = date(end), end >= start else { return nil }
        return Int((end.timeIntervalSince(start) * 1_000).rounded())
    }
}
