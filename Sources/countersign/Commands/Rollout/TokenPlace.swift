import ArgumentParser
import Foundation

/// Where the token of whoever asks an admin port is.
struct TokenPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp("The file that holds your token; without it the variable COUNTERSIGN_TOKEN does.", valueName: "FILE"))
    var tokenFile: String?

    /// Empty where there is no token: a proxy without tokens lets everybody look.
    func headers() throws -> [(String, String)] {
        let text =
            if let tokenFile {
                String(decoding: try InputFile.bytes(tokenFile), as: UTF8.self)
            } else {
                ProcessInfo.processInfo.environment["COUNTERSIGN_TOKEN"] ?? ""
            }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? [] : [("Authorization", "Bearer \(token)")]
    }
}
