import Comparison
import Foundation
import Reports
import ServiceLifecycle
import Synchronization
import Verdicts

/// Passes evidence on, and shows it to the person who watches, side by side, at most so much in a second.
final class MismatchDisplay: EvidenceSink, Service {
    private let next: any EvidenceSink
    private let screen: Screen
    private let shownPerSecondMax = 10
    private let pace = Mutex<(second: Int64, shown: Int, kept: Int)>((0, 0, 0))
    private let lines: AsyncStream<String>
    private let feed: AsyncStream<String>.Continuation

    init(next: any EvidenceSink, screen: Screen) {
        self.next = next
        self.screen = screen
        // Bounded, for the terminal may be slower than the traffic; what is lost here is still in the evidence.
        (lines, feed) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    @discardableResult
    func offer(bytes: Int, _ make: @escaping @Sendable () -> Evidence) -> Bool {
        next.offer(bytes: bytes) { [self] in
            let evidence = make()
            if let text = admit(evidence) { feed.yield(text) }
            return evidence
        }
    }

    /// Prints until the group ends it, and then what is still to be printed. The terminal is never written to from the data plane's
    /// threads.
    func run() async throws {
        await withGracefulShutdownHandler {
            for await text in lines { screen.print(text) }
        } onGracefulShutdown: {
            self.feed.finish()
        }
    }

    private func admit(_ evidence: Evidence) -> String? {
        let second = evidence.recordedAtMicroseconds / 1_000_000
        let skipped: Int? = pace.withLock { pace in
            if pace.second != second {
                let skipped = pace.kept
                pace = (second, 1, 0)
                return skipped
            }
            if pace.shown >= shownPerSecondMax {
                pace.kept += 1
                return nil
            }
            pace.shown += 1
            return 0
        }
        guard let skipped else { return nil }
        let note = skipped > 0 ? screen.paint("… and \(skipped) more in that second\n", .soft) : ""
        return note + EvidenceText(evidence, screen: screen).text
    }
}

/// One piece of evidence as text for a terminal.
struct EvidenceText {
    let text: String

    init(_ evidence: Evidence, screen: Screen) {
        let request = ReportText.visible("\(evidence.request.method) \(evidence.request.target)")
        var head = screen.paint("✗ \(evidence.verdict.name)", evidence.verdict == .mismatch ? .bad : .warning)
        head += " \(screen.paint(request, .strong))"
        if let cause = evidence.cause { head += " · \(ReportText.visible(cause))" }
        if evidence.persistence == .transient { head += " · gone when asked again" }
        if evidence.persistence == .noise { head += " · the primary disagrees with itself" }
        let answers = [evidence.primary, evidence.shadow].compactMap { $0 }.map { answer in
            "\(answer.side.rawValue) \(answer.status) in \(ReportText.duration(microseconds: answer.latencyMicroseconds))"
        }
        head += "\n  " + screen.paint((answers + ["countersign replay \(evidence.id)"]).joined(separator: " · "), .soft)
        let table = SideBySide(width: screen.width, isColoured: screen.isColoured)
            .render(
                evidence.differences, primaryTitle: evidence.primary?.side.rawValue ?? "primary",
                shadowTitle: evidence.shadow?.side.rawValue ?? "shadow")
        text = head + "\n" + table + "\n"
    }
}
