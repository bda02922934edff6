import ArgumentParser
import Foundation
import ProxyConfiguration
import Reports
import ShadowProxy
import Verdicts

/// `countersign resync KEY`: a key that is not trusted any more.
struct ResyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resync",
        abstract: "Say what to do about a key that is not trusted, and trust it again.",
        discussion: """
            Without --done it only says why the key is not trusted and what to do. With --done the key's standing and the writes \
            kept for it are dropped: do that when both sides hold the same again. A running proxy learns of it at once.
            """)

    @Argument(help: ArgumentHelp("The key, as the report lists it.", valueName: "KEY"))
    var key: String

    @Flag(help: "Both sides hold the same again: trust the key.")
    var done = false

    @OptionGroup var place: StatePlace
    @OptionGroup var access: AdminCredentials

    func run() async throws {
        let state = try place.directory()
        if done { try await trust(state) } else { try explain(state) }
    }

    private func explain(_ state: String) throws {
        let shelf = try EvidenceShelf(state: state)
        let entries: [KeyStandings.Entry]
        do { entries = try KeyStandings(shelf.database).list() } catch { throw ExitStatus.data.because(error.sentence) }
        let screen = Screen.standard
        guard let entry = entries.first(where: { $0.key == key }) else {
            screen.print("\(key) is trusted: nothing to do. (A key that is being caught up needs no help.)")
            return
        }
        screen.print("\(screen.paint(key, .strong)) is \(entry.standing.rawValue): \(ReportText.visible(entry.cause))")
        let primary = "the \(entry.side?.rawValue ?? "primary")"
        let shadow = "the \(entry.side?.other.rawValue ?? "shadow")"
        if entry.side != nil { screen.print("When that came, \(primary) answered the key, and \(shadow) was its shadow.") }
        screen.print(
            entry.standing == .unverified
                ? "It is trusted again by itself once both sides show the same and no write of it can be under way. To decide it by hand:"
                : "The sides hold different things for this key, and its comparisons are not-comparable. To mend it:")
        screen.print("  1. Read the key on both sides and see what they hold" + (try readings(state)))
        screen.print("  2. Make the records of \(shadow) equal those of \(primary) by its own means (load, correction, restore).")
        screen.print("  3. countersign resync \(key) --done --state \(state)")
    }

    /// The calls that show the key, where the plan's operations name some (`read-back`).
    private func readings(_ state: String) throws -> String {
        let note = try RunNote.read(from: state)
        guard let file = note.configurationFile, let plan = try? CountersignConfiguration.load(path: file).plan else {
            return "."
        }
        let paths = Set(plan.operations.compactMap(\.readBack)).sorted()
        guard !paths.isEmpty else { return "." }
        let calls = paths.flatMap { path in
            [note.plan.legacy, note.plan.candidate].map { "       curl -sS '\($0)\(path.replacing("{key}", with: key))'" }
        }
        return ":\n" + calls.joined(separator: "\n")
    }

    private func trust(_ state: String) async throws {
        if let answer = try await askRunningProxy(state) {
            Screen.standard.print(answer)
            return
        }
        let shelf = try EvidenceShelf(state: state, writing: true)
        do {
            let removed = try KeyStandings(shelf.database).resync(key)
            let writes = removed.map { $0.droppedWrites > 0 ? ", \($0.droppedWrites) kept writes dropped" : "" }
            Screen.standard.print(
                writes.map { "\(key) is trusted again from the next start on\($0)" } ?? "\(key) was trusted already")
        } catch {
            throw ExitStatus.data.because(error.sentence)
        }
    }

    private struct Answer: Decodable {
        var wasMistrusted: Bool
    }

    /// Nil when no proxy runs on this folder.
    private func askRunningProxy(_ state: String) async throws -> String? {
        let note = try RunNote.read(from: state)
        guard note.endedAt == nil, kill(note.processID, 0) == 0 else { return nil }
        let body = Array(try JSONEncoder().encode(["key": key]))
        let said = try await access.ask(note.admin, "POST", "/resync", body: body)
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(said)) else {
            throw ExitStatus.unavailable.because("\(note.admin) answers, but not as the proxy of \(state) does")
        }
        return answer.wasMistrusted ? "\(key) is trusted again" : "\(key) was trusted already"
    }
}
