public import CaseDesign
internal import Foundation
public import RuleFiles
internal import Yams

/// Minimal cases that were kept: `FOLDER/SUITE.yaml` with the rows of past failures under `seeds`, run each time from then on.
public struct RegressionSeeds: Sendable {
    private static let keys = SectionKeys("regressions", ["seeds"])

    public let path: String

    public init(folder: String, suite: String) {
        path = URL(fileURLWithPath: folder).appendingPathComponent("\(suite).yaml").path
    }

    /// Rows as indices into the model's values; parameters that a row does not name are free. Nothing when there is no file.
    public func read(_ model: CaseModel) throws(ConfigurationError) -> [[Int?]] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let problems = Problems(file: path)
        let root = ConfigurationText.compose(try ConfigurationText.read(path), problems)
        let seeds = root?.section(Self.keys)?["seeds"]?.elements()?.compactMap { Self.row($0, model) } ?? []
        guard problems.list.isEmpty else { throw ConfigurationError(problems: problems.list) }
        return seeds
    }

    private static func row(_ value: YAMLValue, _ model: CaseModel) -> [Int?]? {
        guard case .mapping(let mapping) = value.node else {
            value.complain("a row is a mapping of parameters to values")
            return nil
        }
        var row = [Int?](repeating: nil, count: model.parameters.count)
        for (key, node) in mapping {
            let name = key.scalar?.string ?? ""
            guard let parameter = model.index(of: name) else {
                value.complain("the suite has no parameter `\(name)`" + YAMLValue.suggestion(name, model.parameters.map(\.name)))
                return nil
            }
            let text = node.scalar?.string ?? ""
            guard let index = model.parameters[parameter].index(of: text) else {
                value.complain("`\(name)` has no value `\(text)`: delete this row, or give the value back to the suite")
                return nil
            }
            row[parameter] = index
        }
        return row
    }

    /// Appends a row with a comment on what failed and when; false when the row is there already.
    public func keep(
        _ row: CaseRow, of model: CaseModel, comment: [String]
    ) throws(ConfigurationError) -> Bool {
        let full = row.values.map { Optional($0) }
        guard try !read(model).contains(full) else { return false }
        let members = zip(model.parameters, row.values).map { parameter, value in
            "\(Self.quoted(parameter.name)): \(Self.quoted(parameter.values[value].name))"
        }
        var text = ""
        if let old = try? String(contentsOfFile: path, encoding: .utf8) {
            text = old.hasSuffix("\n") ? old : old + "\n"
        } else {
            text = "# Smallest cases of past failures: `countersign matrix run` runs them with its suite.\nseeds:\n"
        }
        for line in comment { text += "  # \(line.replacing("\n", with: " "))\n" }
        text += "  - { \(members.joined(separator: ", ")) }\n"
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: path, line: 0, column: 0, key: "",
                    message: "the file can't be written: \((error as NSError).localizedDescription)")
            ])
        }
        return true
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            && !["true", "false", "null", "yes", "no"].contains(text.lowercased())
        return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
