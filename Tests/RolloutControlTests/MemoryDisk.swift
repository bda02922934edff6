import Migration
import Synchronization

@testable import RolloutControl

/// A disk that outlives its controller, and that stops working at a call of the test's choice, as when the process is killed there.
final class MemoryDisk: RolloutDisk {
    struct Crashed: Error {}

    struct Fault: Sendable {
        /// From 0: the call at which the process dies.
        var call: Int
        /// Whether that call still comes through.
        var isDone: Bool
    }

    private struct State {
        var files: [String: [UInt8]] = [:]
        var lines: [[UInt8]] = []
        var head = AuditHead.empty
        var kill: [UInt8]?
        var calls = 0
        var fault: Fault?
        var isDead = false
        /// Calls that fail without anything dying: `audit`, `record`, `kill`.
        var failing: Set<String> = []
    }

    private let state = Mutex(State())
    private let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    var calls: Int { state.withLock { $0.calls } }
    var isDead: Bool { state.withLock { $0.isDead } }
    var lines: [[UInt8]] { state.withLock { $0.lines } }
    var entries: [AuditEntry] { lines.compactMap { try? Entries.decode($0) } }
    var actions: [String] { entries.map(\.action) }
    func file(_ name: String) -> [UInt8]? { state.withLock { $0.files[name] } }
    var names: [String] { state.withLock { $0.files.keys.sorted() } }
    var hasKillFile: Bool { state.withLock { $0.kill != nil } }

    func arm(_ fault: Fault?) {
        state.withLock { state in
            state.fault = fault
            state.calls = 0
            state.isDead = false
        }
    }

    /// Hears of each call before it is made.
    func listen(_ heard: (@Sendable (String) -> Void)?) { listener.withLock { $0 = heard } }

    func fail(_ what: Set<String>) { state.withLock { $0.failing = what } }
    func put(_ name: String, _ bytes: [UInt8]?) { state.withLock { $0.files[name] = bytes } }
    func removeKillFile() { state.withLock { $0.kill = nil } }
    func touchKillFile(_ text: String = "") { state.withLock { $0.kill = Array(text.utf8) } }

    /// A call that changes something.
    private func change(_ what: String, _ work: (inout State) -> Void) -> Bool {
        listener.withLock { $0 }?(what)
        return state.withLock { state in
            if state.isDead || state.failing.contains(what) { return false }
            let isFatal = state.fault?.call == state.calls
            state.calls += 1
            if !isFatal || state.fault?.isDone == true { work(&state) }
            if isFatal { state.isDead = true }
            return !isFatal
        }
    }

    // MARK: RolloutDisk

    func read(_ name: String) throws -> [UInt8]? { state.withLock { $0.files[name] } }

    func replace(_ name: String, with bytes: [UInt8]) throws {
        let what = name == RolloutFolder.recordName ? "record" : name == RolloutFolder.evidenceName ? "evidence" : "list"
        guard change(what, { $0.files[name] = bytes }) else { throw FileTrouble("\(name) can't be written: the disk is full") }
    }

    func rename(_ name: String, to other: String) throws {
        let isDone = change("list") { state in
            state.files[other] = state.files[name] ?? []
            state.files[name] = nil
        }
        guard isDone else { throw FileTrouble("\(other) can't be written: the disk is full") }
    }

    func lines(after sequence: Int) throws(AuditError) -> [[UInt8]] { Array(lines.dropFirst(sequence)) }

    func append(_ line: AuditLine) throws(AuditError) {
        let isNext = AuditLine(line.bytes, following: head) != nil
        precondition(isNext, "a line that does not follow: \(line.head) after \(head)")
        let isDone = change("audit") { state in
            state.lines.append(line.bytes)
            state.head = line.head
        }
        if !isDone { throw Entries.full }
    }

    var head: AuditHead { state.withLock { $0.head } }

    func killSwitch() -> KillSwitch? {
        state.withLock { $0.kill }.map { KillSwitchFile.parse(String(decoding: $0, as: UTF8.self)) }
    }

    func writeKillSwitch(_ kill: KillSwitch) throws {
        guard change("kill", { $0.kill = Array(KillSwitchFile.encode(kill).utf8) }) else {
            throw FileTrouble("kill-switch: full")
        }
    }

    func removeKillSwitch() throws { guard change("kill", { $0.kill = nil }) else { throw FileTrouble("kill-switch: full") } }
}
