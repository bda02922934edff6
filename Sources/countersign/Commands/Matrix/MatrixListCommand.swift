import ArgumentParser
import CaseDesign
import Foundation

/// `countersign matrix list [FOLDER]`.
struct MatrixListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List suites and models with their sizes and the rows of each strength.",
        discussion: """
            Suites are YAML files with a line `suite: …`, models are files that end in .pict. A strength marked * is the suite's own. \
            Exit status: 0, 65 a file can't be used, 66 no such folder.
            """)

    @Argument(help: ArgumentHelp("Where to look, folders below too.", valueName: "FOLDER"))
    var folder = "fixtures/matrices"

    @Option(
        help: ArgumentHelp("The strengths to count rows for, as 2,3,4. (default: 1, 2, 3 and the suite's own)", valueName: "LIST")
    )
    var strengths: String?

    @Option(help: ArgumentHelp("How long one number of rows may take, as 500ms, 30s or 5m.", valueName: "TIME"))
    var within = TimeBound(seconds: 10)

    func run() throws {
        var wanted: [CaseStrength] = [.ways(1), .ways(2), .ways(3)]
        if let strengths {
            wanted = try strengths.split(separator: ",").map { part in
                guard let strength = CaseStrength(part.trimmingCharacters(in: .whitespaces)) else {
                    throw ExitStatus.usage.because("--strengths holds `\(part)`; 1 to 4 and all are allowed, as 2,3,4")
                }
                return strength
            }
        }
        let paths = try found()
        if paths.isEmpty {
            throw ExitStatus.noInput.because("\(folder) holds no suite (`suite: …` in a .yaml file) and no .pict file")
        }
        var failed = false
        for path in paths {
            do { try show(try MatrixModel.load(path), wanted) } catch { failed = true }
        }
        if failed { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private func found() throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
            let names = FileManager.default.enumerator(atPath: folder)
        else { throw ExitStatus.noInput.because("there is no folder \(folder)") }
        return names.compactMap { $0 as? String }.sorted().map { (folder as NSString).appendingPathComponent($0) }.filter {
            path in
            switch (path as NSString).pathExtension.lowercased() {
            case "pict": return true
            case "yaml", "yml":
                guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
                return text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("suite:") }
            default: return false
            }
        }
    }

    private func show(_ source: MatrixModel, _ wanted: [CaseStrength]) throws {
        let screen = Screen.standard
        let bound = within.duration
        let (valid, warnings) = try MatrixFailure.mapped(source.path) { () throws(CaseDesignError) in
            (
                try CaseGenerator.validRows(of: source.model, within: bound),
                try CaseGenerator.warnings(of: source.model, within: bound)
            )
        }
        screen.print(screen.paint(source.name, .strong) + "  " + screen.paint(source.path, .soft))
        let sizes = source.model.parameters.map { "\($0.name) \($0.values.count)" }.joined(separator: " × ")
        screen.print("  \(sizes)")
        screen.print(
            "  combinations \(source.model.combinations.map(String.init) ?? "> 2⁶³"), valid \(valid.map(String.init) ?? "> 2⁶³"), "
                + "constraints \(source.model.constraints.count), seeds \(source.model.seeds.count)")
        var strengths = wanted
        if self.strengths == nil {
            for own in [source.strength, source.nightly].compactMap({ $0 }) where !strengths.contains(own) {
                strengths.append(own)
            }
        }
        let counts = strengths.map { strength in
            "\(strength)\(strength == source.strength ? "*" : ""): \(count(source, strength, bound))"
        }
        screen.print("  rows \(counts.joined(separator: ", "))")
        for warning in warnings { screen.print("  " + screen.paint("note: \(warning)", .warning)) }
    }

    private func count(_ source: MatrixModel, _ strength: CaseStrength, _ bound: Duration) -> String {
        do throws(CaseDesignError) {
            if strength == .all, source.model.seeds.isEmpty {
                return try CaseGenerator.validRows(of: source.model, within: bound).map(String.init) ?? "> 2⁶³"
            }
            let rows = try CaseGenerator.rows(of: source.model, strength: strength, seed: source.seed ?? 1, within: bound)
            return String(rows.count)
        } catch {
            return error.kind == .timeout ? "more than \(within.text) of work" : "none (\(error.message))"
        }
    }
}
