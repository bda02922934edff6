import ArgumentParser
import CaseDesign
import CaseMatrix
import Foundation
import RuleFiles

/// A model that a command line names: of a suite file, or a PICT file.
struct MatrixModel {
    var path: String
    /// A suite's name; a PICT file's without folder and suffix.
    var name: String
    var model: CaseModel
    /// What the suite says; nil of a PICT file.
    var strength: CaseStrength?
    var nightly: CaseStrength?
    var seed: UInt64?

    static func load(_ path: String) throws -> MatrixModel {
        let bytes = try InputFile.bytes(path)
        let url = URL(fileURLWithPath: path)
        if ["yaml", "yml"].contains(url.pathExtension.lowercased()) {
            do throws(ConfigurationError) {
                let suite = try Suite.load(path: path)
                return MatrixModel(
                    path: path, name: suite.name, model: suite.model, strength: suite.strength, nightly: suite.nightly,
                    seed: suite.seed)
            } catch {
                Screen.complain(error.description)
                throw ExitStatus.data.because("\(path) can't be used")
            }
        }
        guard let text = String(data: bytes, encoding: .utf8) else { throw ExitStatus.data.because("\(path) is not UTF-8") }
        return try MatrixFailure.mapped(path) { () throws(CaseDesignError) in
            MatrixModel(
                path: path, name: url.deletingPathExtension().lastPathComponent, model: try CaseModel(pict: text, named: path))
        }
    }

    /// Says on standard error what is odd with the model.
    func warn(within: Duration) throws {
        for warning in try MatrixFailure.mapped(
            path,
            { () throws(CaseDesignError) in
                try CaseGenerator.warnings(of: model, within: within)
            })
        {
            Screen.complain("\(path): \(warning)")
        }
    }
}

/// Errors of the design of cases, as the command line ends with them.
enum MatrixFailure {
    static func mapped<Result>(_ path: String, _ work: () throws(CaseDesignError) -> Result) throws -> Result {
        do throws(CaseDesignError) {
            return try work()
        } catch {
            throw ExitStatus.data.because(error.file.isEmpty ? "\(path): \(error.description)" : error.description)
        }
    }
}

/// Options of `matrix` commands, from text.
enum MatrixOption {
    static func strength(_ text: String) throws -> CaseStrength {
        guard let strength = CaseStrength(text) else { throw ValidationError("found `\(text)`; 1, 2, 3, 4 or all is expected") }
        return strength
    }

    static func format(_ text: String) throws -> CaseTable.Format {
        guard let format = CaseTable.Format(rawValue: text) else {
            throw ValidationError("found `\(text)`; table, csv, json or pict is expected")
        }
        return format
    }
}

/// A bound on time as an option takes it: `500ms`, `30s`, `5m`.
struct TimeBound: ExpressibleByArgument {
    let milliseconds: Int

    var duration: Duration { .milliseconds(milliseconds) }
    var text: String { Quantities.text(milliseconds: milliseconds) }

    init(seconds: Int) { milliseconds = seconds * 1_000 }

    init?(argument: String) {
        guard let milliseconds = Quantities.milliseconds(argument), milliseconds > 0 else { return nil }
        self.milliseconds = milliseconds
    }

    static let help = ArgumentHelp("How long it may take, as 500ms, 30s or 5m.", valueName: "TIME")
    var defaultValueDescription: String { text }
}
