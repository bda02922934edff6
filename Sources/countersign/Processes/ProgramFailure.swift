import Foundation

/// A program of ours that did not do what it should, with the end of what it logged.
enum ProgramFailure {
    static func describe(_ name: String, _ what: String, log: URL) -> String {
        let lines = (try? String(contentsOf: log, encoding: .utf8))?.split(separator: "\n").suffix(8) ?? []
        let tail = lines.isEmpty ? "" : ":\n" + lines.map { "    " + $0 }.joined(separator: "\n")
        return "\(name) \(what)\(tail)"
    }
}
