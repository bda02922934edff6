import Foundation
import MatrixRun

/// The live line of a run: how far, how fast, how long still.
struct ProgressLine {
    let name: String
    let screen: Screen

    func show(_ progress: RunProgress) {
        var text = "\(name): \(progress.phase)"
        if progress.elapsedMs > 0 || progress.done == 0 {
            let width = 24
            let filled = progress.planned == 0 ? 0 : width * progress.done / progress.planned
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
            text = "\(name) \(bar) \(progress.done)/\(progress.planned)  \(progress.rowsPerSecond) rows/s"
            if let left = progress.secondsLeft, progress.done < progress.planned { text += "  \(left) s left" }
        }
        if progress.failing > 0 { text += "  \(progress.failing) failing" }
        screen.showLive(String(text.prefix(max(20, screen.width - 1))))
    }

    func clear() { screen.showLive("") }
}
