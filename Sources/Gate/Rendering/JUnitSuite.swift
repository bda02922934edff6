import Reports
import RunRecords

/// The test cases of the gate's reasons or of one run, the worst first.
struct JUnitSuite {
    struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0

        mutating func add(_ result: JUnitCase.Result) {
            tests += 1
            switch result {
            case .passed: break
            case .failed: failures += 1
            case .error: errors += 1
            case .skipped: skipped += 1
            }
        }

        mutating func add(_ other: Counts) {
            tests += other.tests
            failures += other.failures
            errors += other.errors
            skipped += other.skipped
        }

        /// Of the outermost element: Jenkins' schema knows no `skipped` there.
        var headAttributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\"" }

        var attributes: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\"" }
    }

    var name: String
    var milliseconds = 0
    var timestamp: String?
    var cases: [JUnitCase] = []

    init(reasonsOf report: GateReport) {
        name = "gate"
        timestamp = report.createdAt
        cases = report.decision.reasons.map { reason in
            let place = reason.place
            let type = "\(reason.tone.word): \(reason.rule)"
            let text = "\(reason.sentence)\nmeasured: \(reason.measured)\nrequired: \(reason.required)"
            let result: JUnitCase.Result =
                switch reason.tone {
                case .passed: .passed
                case .failed: .failed(type: type, message: reason.sentence, text: text)
                case .inconclusive:
                    report.decision.waved
                        ? .skipped(message: "let through by --inconclusive pass: \(reason.sentence)")
                        : .failed(type: type, message: reason.sentence, text: text)
                case .unreachable, .untrusted: .error(type: type, message: reason.sentence, text: text)
                }
            return JUnitCase(
                className: "gate", name: place.isEmpty ? reason.rule : "\(reason.rule): \(place)", result: result,
                output: reason.tone == .passed ? reason.sentence : nil)
        }
    }

    init(_ run: RunRecord, in report: GateReport) {
        name = run.title
        timestamp = run.startedAt
        milliseconds = RunInstant.milliseconds(from: run.startedAt, to: run.finishedAt) ?? 0
        cases = Self.failing(run) + Self.proof(run) + Self.agreeing(run)
        if run.totals.notRun > 0 {
            cases.append(
                JUnitCase(
                    className: run.title, name: "not run",
                    result: .skipped(message: "\(run.totals.notRun) of \(run.totals.planned) planned were not run")))
        }
    }

    /// Within `bytesMax`; what does not fit is counted in one case that fails if any of them did.
    func written(names: inout JUnitNames, bytesMax: Int) -> (text: String, counts: Counts) {
        var counts = Counts()
        var body = ""
        var left = Counts()
        for testCase in cases {
            if left.tests > 0 {
                left.add(testCase.result)
                continue
            }
            let unique = names.unique(CaseText.clip(testCase.name, to: 400), in: testCase.className)
            let text = testCase.written(as: unique)
            if body.utf8.count + text.utf8.count > bytesMax - 1_500 {
                left.add(testCase.result)
            } else {
                body += text
                counts.add(testCase.result)
            }
        }
        if left.tests > 0 {
            let message = "\(left.tests) more cases left out: \(left.failures) failed, \(left.errors) without a verdict"
            let hidden = left.failures + left.errors > 0
            let more = JUnitCase(
                className: name, name: message,
                result: hidden
                    ? .failed(type: "omitted", message: message, text: "The gate's report.json lists them.")
                    : .skipped(message: message))
            body += more.written(as: names.unique(message, in: name))
            counts.add(more.result)
        }
        let stamp = timestamp.flatMap { RunInstant.date($0) }.map {
            " timestamp=\"\(RunInstant.text($0).replacing("Z", with: ""))\""
        }
        let head =
            "<testsuite name=\"\(XMLText.escaped(name))\" \(counts.attributes) time=\"\(Self.seconds(milliseconds))\"\(stamp ?? "")>"
        return (head + "\n" + body + "</testsuite>\n", counts)
    }

    static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1_000)." + String(String(milliseconds % 1_000 + 1_000).dropFirst())
    }

    private static func failing(_ run: RunRecord) -> [JUnitCase] {
        let records = run.cases.enumerated().sorted { ($0.element.gravity, $0.offset) < ($1.element.gravity, $1.offset) }
        var cases = run.unreachable.map { side in
            JUnitCase(
                className: run.title, name: "\(side.side) reachable",
                result: .error(type: "unreachable", message: side.sentence, text: side.sentence))
        }
        cases += records.map(\.element).compactMap { record in
            let text = CaseText.lines(record).joined(separator: "\n")
            let result: JUnitCase.Result
            switch record.outcome {
            case .agree: return nil
            case .candidateWrong, .bothWrong, .legacyQuirk, .flaky:
                result = .failed(type: record.outcome.rawValue, message: record.title, text: text)
            case .error: result = .error(type: "no-verdict", message: record.title, text: text)
            case .excused: result = .skipped(message: "excused: \(record.title)" + (record.note.map { " (\($0))" } ?? ""))
            }
            return JUnitCase(className: record.operation, name: "\(record.id): \(record.title)", result: result)
        }
        // Mismatches that the record only counts must fail all the same; missed faults have a case each.
        let told = run.cases.count { $0.isMismatch } + run.faults.count { !$0.killed }
        if told < run.mismatchesSeen {
            let message = "\(run.mismatchesSeen - told) more of \(run.totals.compared) differed, and are not listed in the run"
            cases.append(
                JUnitCase(
                    className: run.title, name: "mismatches not listed",
                    result: .failed(type: "mismatch", message: message, text: message)))
        }
        return cases
    }

    private static func proof(_ run: RunRecord) -> [JUnitCase] {
        var cases = run.faults.sorted { !$0.killed && $1.killed }.map { fault in
            let seen = [fault.byRow, fault.byComparison].compactMap(\.self).joined(separator: ", ")
            return JUnitCase(
                className: "fault \(fault.policy)", name: fault.name,
                result: fault.killed
                    ? .passed
                    : .failed(
                        type: "fault-not-seen", message: "\(fault.name) was not seen in \(fault.rowsRun) rows: \(fault.about)",
                        text: fault.about),
                output: fault.killed ? "seen by \(seen)" : nil)
        }
        if let control = run.positiveControl {
            cases.append(
                JUnitCase(
                    className: run.title, name: "positive control: \(control.name)",
                    result: control.fired
                        ? .passed : .error(type: "silent-control", message: control.detail, text: control.detail)))
        }
        if let test = run.selfTest {
            let failures = test.failures.joined(separator: "\n")
            cases.append(
                JUnitCase(
                    className: run.title, name: "self-test, \(test.checks) checks",
                    result: test.failures.isEmpty && test.checks > 0
                        ? .passed
                        : .error(
                            type: "self-test", message: "\(test.failures.count) of \(test.checks) checks failed", text: failures))
            )
        }
        return cases
    }

    private static func agreeing(_ run: RunRecord) -> [JUnitCase] {
        var cases = run.operations.filter { $0.mismatched == 0 && $0.compared > 0 }.map { operation in
            JUnitCase(
                className: operation.name, name: "\(run.title): \(operation.compared) compared, 0 differ",
                result: .passed, output: operation.errors > 0 ? "\(operation.errors) got no verdict" : nil)
        }
        for dimension in run.dimensions {
            cases += dimension.values.filter { $0.mismatched == 0 && $0.compared > 0 }.map { value in
                JUnitCase(
                    className: "\(run.title) · \(dimension.name)", name: "\(value.value): \(value.compared) compared, 0 differ",
                    result: .passed)
            }
        }
        return cases
    }
}
