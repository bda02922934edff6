import Foundation
import Yams

/// From a file to nodes.
package enum ConfigurationText {
    package static func read(_ path: String) throws(ConfigurationError) -> String {
        func failure(_ message: String) -> ConfigurationError {
            ConfigurationError(problems: [ConfigurationProblem(file: path, line: 0, column: 0, key: "", message: message)])
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            throw failure(
                isFolder.boolValue
                    ? "this is a folder; name a file"
                    : exists ? "the file can't be read: check its permissions" : "there is no such file")
        }
        guard let text = String(data: data, encoding: .utf8) else { throw failure("the file is not UTF-8") }
        return text
    }

    /// The root; nil after a complaint when the text is not YAML, holds nothing, or names a key twice.
    package static func compose(_ text: String, _ problems: Problems) -> YAMLValue? {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                problems.add("the file is empty", at: nil, key: "")
                return nil
            }
            return YAMLValue(node: node, key: "", problems: problems)
        } catch let error as YamlError {
            add(error, problems)
        } catch {
            problems.add("the file is not YAML: \(error)", at: nil, key: "")
        }
        return nil
    }

    private static func add(_ error: YamlError, _ problems: Problems) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            problems.add("this is not YAML: \(problem)", at: mark, key: "")
        case .duplicatedKeysInMapping(let duplicates, let context):
            problems.add("the same key stands twice in one mapping: \(YAMLValue.list(duplicates))", at: context.mark, key: "")
        case .reader(let problem, _, _, _):
            problems.add("the file is not YAML: \(problem)", at: nil, key: "")
        default:
            problems.add("the file is not YAML: \(error)", at: nil, key: "")
        }
    }
}
