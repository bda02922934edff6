import Foundation

/// Fetches secrets from where the file says they stand.
package struct SecretReader: Sendable {
    /// Where a secret stands: never in the file itself.
    package static let keys = SectionKeys("secret", ["env", "file"])

    private let environment: [String: String]
    private let directory: String

    /// `directory` is where relative paths begin.
    package init(environment: [String: String], directory: String) {
        self.environment = environment
        self.directory = directory
    }

    /// The secret's text without white space around it; nil after a complaint that never shows the secret.
    package func read(_ value: YAMLValue) -> String? {
        guard let section = value.section(Self.keys) else { return nil }
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
