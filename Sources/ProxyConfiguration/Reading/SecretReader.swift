import Foundation
import RuleFiles

/// Fetches secrets from where the file says they stand.
struct SecretReader {
    let environment: [String: String]
    let directory: String

    /// The secret's text without white space around it; nil after a complaint that never shows the secret.
    func read(_ value: YAMLValue) -> String? {
        guard let section = value.section(ConfigurationKeys.secret) else { return nil }
        switch (section["env"], section["file"]) {
        case (let env?, nil):
            guard let name = env.text("the name of an environment variable") else { return nil }
            guard let secret = environment[name].map(trimmed), !secret.isEmpty else {
                env.complain("the environment variable `\(name)` is not set")
                return nil
            }
            return secret
        case (nil, let file?):
            guard let name = file.text("a file's path") else { return nil }
            let path = name.hasPrefix("/") || directory.isEmpty ? name : directory + "/" + name
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                file.complain("the file `\(path)` can't be read")
                return nil
            }
            let secret = trimmed(text)
            if secret.isEmpty { file.complain("the file `\(path)` is empty") }
            return secret.isEmpty ? nil : secret
        default:
            value.complain("either `env` or `file` says where the secret stands")
            return nil
        }
    }

    private func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}
