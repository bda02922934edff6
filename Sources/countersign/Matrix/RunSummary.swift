import MatrixRun
import RunRecords

/// A run as its reader in the terminal sees it: the classes, the worst cases, where they are, what else should be known.
struct RunSummary {
    let record: RunRecord
    let screen: Screen
    private static let casesShown = 5
    private static let differencesShown = 6

    func print() {
        headline()
        for line in classes() { screen.print("  " + line) }
        if let coverage = record.coverage {
            screen.print(
                "  \(coverage.tuplesCovered) of \(coverage.tuplesValid) valid \(coverage.strength)-tuples covered by \(coverage.rows) rows"
            )
        }
        for failure in record.selfTest?.failures ?? [] { screen.print(screen.paint("  self-test: \(failure)", .bad)) }
        if let control = record.positiveControl, !control.fired {
            screen.print(screen.paint("  the positive control stayed silent: \(control.detail)", .bad))
        }
        for side in record.unreachable {
            screen.print(screen.paint("  \(side.side) could not be reached: \(side.sentence)", .bad))
        }
        for one in record.cases.prefix(Self.casesShown) { show(one) }
        let more = record.cases.count + record.casesOmitted - Self.casesShown
        if more > 0 { screen.print("\n\(more) more \(more == 1 ? "case" : "cases"); `--json FILE` keeps up to 200 of them.") }
        for map in record.heatMaps {
            screen.print()
            for line in HeatMapText(map: map, screen: screen).lines() { screen.print("  " + line) }
        }
        if !record.remarks.isEmpty { screen.print() }
        for remark in record.remarks { screen.print("  " + remark) }
    }

    private func headline() {
        let totals = record.totals
        let text = "\(record.name): \(totals.compared) of \(totals.planned) rows compared"
        let exit = RunExit(record)
        let word =
            switch exit {
            case .agreed: screen.paint("all agree", .good)
            case .mismatch: screen.paint("\(totals.mismatched) fail", .bad)
            case .inconclusive: screen.paint("inconclusive", .warning)
            case .unreachable: screen.paint("a side can't be reached", .bad)
            case .selfTest: screen.paint("the verifier failed its own test: nothing was judged", .bad)
            }
        screen.print(screen.paint(text, .strong) + ": " + word)
    }

    private func classes() -> [String] {
        let totals = record.totals
        let counts = [
            ("agreed", totals.agreed), ("excused", totals.excused), ("failed", totals.mismatched), ("flaky", totals.flaky),
            ("without an answer", totals.errors), ("not run", totals.notRun),
        ]
        let byClass = Dictionary(grouping: record.cases, by: \.outcome).mapValues(\.count)
        let failing: [(String, CaseClass)] = [
            ("candidate wrong", .candidateWrong), ("both wrong", .bothWrong), ("legacy quirk", .legacyQuirk),
        ]
        var lines = [counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")]
        let words = failing.compactMap { name, outcome in byClass[outcome].map { "\($0) \(name)" } }
        if !words.isEmpty { lines.append("of the cases kept: " + words.joined(separator: ", ")) }
        return lines.filter { !$0.isEmpty }
    }

    private func show(_ one: CaseRecord) {
        screen.print()
        let tint: Tint = one.outcome == .excused || one.outcome == .flaky ? .warning : .bad
        screen.print(screen.paint(one.id, .strong) + " " + screen.paint(one.outcome.rawValue, tint) + "  " + one.title)
        screen.print(screen.paint("  " + one.values.map { "\($0.dimension)=\($0.value)" }.joined(separator: " "), .soft))
        for difference in one.differences.prefix(Self.differencesShown) {
            let expected = difference.expected.map { ", the rules say \($0)" } ?? ""
            screen.print(
                "  \(difference.answer) \(difference.path): legacy \(difference.legacy ?? "nothing"), candidate "
                    + "\(difference.candidate ?? "nothing")\(expected)")
        }
        let more = one.differences.count - Self.differencesShown
        if more > 0 { screen.print("  … and \(more) more") }
        for violation in one.violations.prefix(Self.differencesShown) { screen.print("  broken: \(violation)") }
        if let note = one.note { screen.print("  " + note) }
        if let minimal = one.minimal { MinimalCaseText(minimal: minimal, screen: screen).print() }
    }
}

/// A shrunk case: what had to stay, and the commands that show it.
struct MinimalCaseText {
    let minimal: MinimalCase
    let screen: Screen

    func print() {
        let values =
            minimal.values.isEmpty
            ? "all values at their defaults" : minimal.values.map { "\($0.dimension)=\($0.value)" }.joined(separator: " ")
        screen.print("  smallest case (\(minimal.attempts) rows tried): " + screen.paint(values, .strong))
        for difference in minimal.differences.prefix(4) {
            let expected = difference.expected.map { ", the rules say \($0)" } ?? ""
            screen.print(
                "    \(difference.answer) \(difference.path): legacy \(difference.legacy ?? "nothing"), candidate "
                    + "\(difference.candidate ?? "nothing")\(expected)")
        }
        screen.print("    fixture: \(minimal.fixture)")
        for (side, commands) in zip(["legacy", "candidate"], minimal.curl) {
            screen.print("    \(side):")
            for line in commands.split(separator: "\n") { screen.print("      " + line) }
        }
    }
}
