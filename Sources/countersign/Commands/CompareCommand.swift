import ArgumentParser
import Comparison
import Foundation
import ProxyConfiguration
import RuleFiles

/// `countersign compare A.json B.json`: what the proxy would say of two answers.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two files as the proxy compares two answers' bodies.",
        discussion: "Exit status: 0 equal or tolerated, 1 different, 65 not JSON or bad rules, 66 no such file.")

    @Argument(help: ArgumentHelp("The expected document.", valueName: "A.json"))
    var first: String

    @Argument(help: ArgumentHelp("The document held against it.", valueName: "B.json"))
    var second: String

    @Option(
        help: ArgumentHelp(
            "A YAML file with comparison rules (docs/configuration.md: the keys of `defaults`).", valueName: "FILE"))
    var rules: String?

    @Flag(help: "Print nothing; the exit status says it.")
    var quiet = false

    func run() throws {
        let left = try InputFile.bytes(first)
        let right = try InputFile.bytes(second)
        for (path, bytes) in [(first, left), (second, right)] {
            if let fault = fault(of: bytes) { throw ExitStatus.data.because("\(path) is not JSON: \(fault)") }
        }
        let outcome = compare(left, right, rules: try loadRules())
        if !quiet { show(outcome) }
        if case .different = outcome { throw ExitCode(ExitStatus.differ.rawValue) }
    }

    private func loadRules() throws -> ResponseRules {
        guard let rules else { return ResponseRules() }
        guard FileManager.default.fileExists(atPath: rules) else {
            throw ExitStatus.noInput.because("there is no file \(rules)")
        }
        do {
            return try RulesFile.load(path: rules)
        } catch {
            Screen.complain(error.description)
            throw ExitStatus.data.because("\(rules) can't be used")
        }
    }

    /// Why a file is no JSON, by the comparison's own reader; nil when it is.
    private func fault(of bytes: Data) -> String? {
        compare(bytes, Data("null".utf8), rules: ResponseRules()).differences.first { $0.kind == .malformed }
            .map { ($0.primary ?? "it can't be read").trimmingCharacters(in: .newlines).replacing("\n", with: "⏎") }
    }

    private func compare(_ left: Data, _ right: Data, rules: ResponseRules) -> ComparisonOutcome {
        var comparator = Comparator()
        return Array("application/json".utf8).withUnsafeBytes { type in
            left.withUnsafeBytes { left in
                right.withUnsafeBytes { right in
                    comparator.compare(
                        primary: AnswerView(status: 200, contentType: type, body: left),
                        shadow: AnswerView(status: 200, contentType: type, body: right), rules: rules)
                }
            }
        }
    }

    private func show(_ outcome: ComparisonOutcome) {
        let screen = Screen.standard
        switch outcome {
        case .equalBytes: screen.print(screen.paint("equal, byte for byte", .good))
        case .equal: screen.print(screen.paint("equal", .good))
        case .tolerated(let differences):
            screen.print(table(differences))
            screen.print(screen.paint("tolerated by the rules", .good))
        case .different(let differences):
            let counted = differences.count { !$0.tolerated }
            screen.print(table(differences))
            screen.print(screen.paint("\(counted) \(counted == 1 ? "difference" : "differences")", .bad))
        }
    }

    private func table(_ differences: [Difference]) -> String {
        SideBySide(width: Screen.standard.width, isColoured: Screen.standard.isColoured)
            .render(
                differences, primaryTitle: URL(fileURLWithPath: first).lastPathComponent,
                shadowTitle: URL(fileURLWithPath: second).lastPathComponent)
    }
}
