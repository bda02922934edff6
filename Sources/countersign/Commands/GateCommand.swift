import ArgumentParser
import Foundation
import Gate
import RuleFiles
import RunRecords

/// `countersign gate`: what runs say of a build, as an exit status that a CI job can trust.
struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate", abstract: "Decide from runs and a policy whether a build may go on.",
        discussion: """
            A RUN is what a run left behind: the JSON of `matrix run`, `prove`, `report` or `bank reconcile`, or a proxy's state \
            folder. Before it judges, the gate judges runs of known outcome; if it is wrong about one, it says so and nothing else counts.

            Exit status: 0 pass, 1 mismatch or threshold, 2 inconclusive, 3 a side unreachable, 4 self-test failed, 64 usage or policy, \
            65 a file is not what it should be, 66 a file is missing, 70 internal, 73 an output can't be written. docs/ci.md tells the rest.
            """)

    @Argument(help: ArgumentHelp("Runs to judge, all together.", valueName: "RUN"))
    var runs: [String] = []

    @Option(help: ArgumentHelp("What a build has to show (docs/ci.md); strict defaults without it.", valueName: "gate.yaml"))
    var policy: String?

    @Option(help: ArgumentHelp("What becomes of too little evidence, instead of what the policy says.", valueName: "pass|fail"))
    var inconclusive: Inconclusive?

    @Option(help: ArgumentHelp("The build that every run must be of, instead of what the policy says.", valueName: "TEXT"))
    var candidateBuild: String?

    @Option(help: ArgumentHelp("Render this gate report again, without judging; exits with 0.", valueName: "report.json"))
    var from: String?

    @OptionGroup var outputs: GateOutputs

    enum Inconclusive: String, ExpressibleByArgument { case pass, fail }

    func validate() throws {
        if from != nil, !runs.isEmpty || policy != nil || inconclusive != nil || candidateBuild != nil {
            throw ValidationError(
                "--from renders what was decided before: leave out runs, --policy, --inconclusive and --candidate-build.")
        }
        if from == nil, runs.isEmpty { throw ValidationError("Name at least one RUN to judge, or --from a report.json.") }
        if candidateBuild == "" {
            throw ValidationError("--candidate-build is empty, and an empty text is part of every candidate.")
        }
    }

    func run() async throws {
        if let from {
            let report = try read(from) { try GateReportFile.read($0, named: $1) }
            if !(try outputs.write(report)) { throw ExitCode(ExitStatus.cannotCreate.rawValue) }
            return
        }
        var policy = try loadPolicy()
        if let inconclusive { policy.inconclusivePasses = inconclusive == .pass }
        if let candidateBuild { policy.runs.candidateBuild = candidateBuild }
        var records: [RunRecord] = []
        for path in runs { records += try await load(path) }
        let report = GateReport.judge(
            records, under: policy, at: Date(), program: "countersign \(Countersign.configuration.version)")
        let written = try outputs.write(report)
        // A decision against the build is never hidden by a disk that is full.
        if report.decision.exitCode != 0 { throw ExitCode(Int32(report.decision.exitCode)) }
        if !written { throw ExitCode(ExitStatus.cannotCreate.rawValue) }
    }

    private func loadPolicy() throws -> GatePolicy {
        guard let path = policy else { return GatePolicy() }
        guard FileManager.default.fileExists(atPath: path) else {
            throw ExitStatus.usage.because("there is no policy file \(path)")
        }
        do { return try GatePolicy.load(path: path) } catch {
            Screen.complain(error.description)
            throw ExitStatus.usage.because("the policy \(path) can't be used")
        }
    }

    private func load(_ path: String) async throws -> [RunRecord] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return [RunRecord(proxy: try await ReportAssembly(state: path).report())]
        }
        return try read(path) { try RunFile.read($0, named: $1) }
    }

    private func read<Value>(_ path: String, _ reading: (Data, String) throws -> Value) throws -> Value {
        let data = try InputFile.bytes(path)
        do { return try reading(data, path) } catch { throw ExitStatus.data.because("\(error)") }
    }
}

/// Where the gate's decision is written, all from one report.
struct GateOutputs: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The whole report (docs/reports.md), from which the others can be rendered again.", valueName: "FILE.json"))
    var report: String?

    @Option(help: ArgumentHelp("JUnit XML, for GitLab, Jenkins and GitHub's reporters.", valueName: "FILE.xml"))
    var junit: String?

    @Option(help: ArgumentHelp("Markdown for a job's summary: $GITHUB_STEP_SUMMARY.", valueName: "FILE.md"))
    var markdown: String?

    @Option(help: ArgumentHelp("One HTML file that needs nothing else.", valueName: "FILE.html"))
    var html: String?

    @Flag(help: "Print GitHub workflow commands: at most ten, the worst first.")
    var annotations = false

    /// False when a file could not be written; the others are written all the same.
    func write(_ report: GateReport) throws -> Bool {
        let screen = Screen.standard
        for line in GateTerminalText.lines(report) {
            screen.print(line.shade.tint.map { screen.paint(line.text, $0) } ?? line.text)
        }
        var written = true
        do {
            if let path = self.report { written = save(try GateReportFile.write(report), path) && written }
            if let junit { written = save(JUnitReport.render(report), junit) && written }
            if let markdown { written = save(MarkdownSummary.render(report), markdown) && written }
            if let html { written = save(try GateHTML.render(report), html) && written }
        } catch {
            Screen.complain("countersign: the report can't be rendered: \(error)")
            throw ExitCode(70)
        }
        if annotations { screen.print(GateAnnotations.render(report)) }
        return written
    }

    private func save(_ text: String, _ path: String) -> Bool {
        do {
            // A device or pipe can't be replaced, only written to.
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: path.hasPrefix("/dev/") ? [] : .atomic)
            return true
        } catch {
            Screen.complain("countersign: \(path) can't be written: \(error.localizedDescription)")
            return false
        }
    }
}

extension GateTerminalText.Shade {
    fileprivate var tint: Tint? {
        switch self {
        case .plain: nil
        case .good: .good
        case .warning: .warning
        case .bad: .bad
        case .strong: .strong
        case .soft: .soft
        }
    }
}
