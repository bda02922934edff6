import Foundation
import LoadDriver
import Synchronization

/// Shows how far a run has come: a bar that is drawn over itself on a terminal, a plain line every few seconds elsewhere.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let lastPlainLine = Mutex(-5_000)

    func show(_ progress: DriveProgress) {
        let percent = progress.planned > 0 ? progress.sent * 100 / progress.planned : 100
        let counts =
            "\(progress.answered) answered, \(progress.failed) without answer, p99 \(progress.p99 / 1_000).\(progress.p99 % 1_000 / 100) ms"
        if isTerminal {
            let done = percent * 30 / 100
            let bar = String(repeating: "█", count: done) + String(repeating: "░", count: 30 - done)
            write("\r\u{1B}[K\(bar) \(percent) %  \(counts)")
        } else if lastPlainLine.withLock({ last in
            guard progress.elapsedMilliseconds - last >= 5_000 else { return false }
            last = progress.elapsedMilliseconds
            return true
        }) {
            write("\(progress.elapsedMilliseconds / 1_000) s: \(percent) %, \(counts)\n")
        }
    }

    func end() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
