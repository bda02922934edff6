public import CaseMatrix
internal import Foundation
internal import Synchronization

/// The oracle as a program: one process for a run, one question a line, answered in order, many under way.
///
/// Two threads own the pipes. What the program fails to answer (it crashes, writes something else, says nothing for too long) becomes
/// a sentence for the rows that it concerns; the run goes on without it.
public final class OracleProcess: Oracle {
    private struct State {
        /// Asked and not yet answered, the first asked first.
        var pending: [(id: String, continuation: CheckedContinuation<RulesStatement, Never>)] = []
        var outbox: [[UInt8]] = []
        var gone: String?
        var garbage = 0
        var closing = false
        var lastProgress = ContinuousClock.now
    }

    /// Lines that are no answers, after which the program is given up.
    private static let garbageMax = 20
    private static let lineBytesMax = 4 * 1_024 * 1_024

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let process: Process
    private let command: String
    private let answerWithin: Duration

    /// - Parameters:
    ///   - command: the program (found on the `PATH` unless it has a slash) and its arguments.
    ///   - answerWithin: how long it may say nothing while a question waits.
    public init(_ command: [String], answerWithin: Duration = .seconds(30)) throws {
        // A program that went away must not take us along when its pipe is written to.
        signal(SIGPIPE, SIG_IGN)
        self.command = command.joined(separator: " ")
        self.answerWithin = answerWithin
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let questions = Pipe()
        let answers = Pipe()
        process.standardInput = questions
        process.standardOutput = answers
        try process.run()
        Thread.detachNewThread { [self] in write(to: questions.fileHandleForWriting) }
        Thread.detachNewThread { [self] in read(from: answers.fileHandleForReading) }
    }

    public var gone: String? { state.withLock { $0.gone } }

    public func expects(_ plan: CasePlan) async -> RulesStatement {
        let question = OracleMessages.question(plan) + [0x0A]
        return await withCheckedContinuation { continuation in
            let gone: String? = state.withLock { state in
                if state.gone == nil, state.closing { state.gone = "the oracle was closed" }
                if state.gone == nil {
                    if state.pending.isEmpty { state.lastProgress = .now }
                    state.pending.append((plan.id, continuation))
                    state.outbox.append(question)
                }
                return state.gone
            }
            if let gone { continuation.resume(returning: .failed(gone)) } else { work.signal() }
        }
    }

    /// Ends the program; what is still asked fails.
    public func close() {
        state.withLock { $0.closing = true }
        work.signal()
        fail("the oracle was closed")
    }

    // MARK: Threads

    private func write(to handle: FileHandle) {
        while true {
            work.wait()
            let (lines, closing) = state.withLock { state in
                let lines = state.outbox
                state.outbox = []
                return (lines, state.closing || state.gone != nil)
            }
            if closing { break }
            if lines.isEmpty { continue }
            do { try handle.write(contentsOf: Data(lines.joined())) } catch { break }
        }
        try? handle.close()
    }

    private func read(from handle: FileHandle) {
        let descriptor = handle.fileDescriptor
        var rest: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 100) == 0 {
                if isLate {
                    fail("the oracle (\(command)) said nothing for \(answerWithin)")
                    break
                }
                if state.withLock({ $0.closing }) { break }
                continue
            }
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            rest += chunk[..<count]
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                took(Array(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
            if rest.count > Self.lineBytesMax { break }
        }
        end()
    }

    private var isLate: Bool {
        state.withLock { !$0.pending.isEmpty && ContinuousClock.now - $0.lastProgress > answerWithin }
    }

    private func end() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        let how = process.terminationReason == .exit ? "ended with status" : "was ended by signal"
        fail("the oracle (\(command)) \(how) \(process.terminationStatus)")
    }

    private func fail(_ sentence: String) {
        let pending = state.withLock { state in
            if state.gone == nil { state.gone = sentence }
            defer { state.pending = [] }
            return state.pending
        }
        for question in pending { question.continuation.resume(returning: .failed(sentence)) }
        work.signal()
    }

    private func took(_ line: [UInt8]) {
        guard !line.isEmpty else { return }
        switch OracleMessages.answer(line) {
        case .row(let id, let row): settle(id, .expects(row), line)
        case .refusal(let id, let sentence): settle(id, .failed(sentence), line)
        case .garbage: garbled(line)
        }
    }

    private func settle(_ id: String, _ statement: RulesStatement, _ line: [UInt8]) {
        let question = state.withLock { state -> CheckedContinuation<RulesStatement, Never>? in
            state.lastProgress = .now
            guard let index = state.pending.firstIndex(where: { $0.id == id }) else { return nil }
            return state.pending.remove(at: index).continuation
        }
        guard let question else { return garbled(line) }
        question.resume(returning: statement)
    }

    /// Answers come in order: the line stands where the first one that is waited for should.
    private func garbled(_ line: [UInt8]) {
        let text = String(decoding: line.prefix(120), as: UTF8.self)
        let sentence = "the oracle wrote a line that is no answer: \(text)"
        let (question, isTooMuch) = state.withLock { state -> (CheckedContinuation<RulesStatement, Never>?, Bool) in
            state.garbage += 1
            state.lastProgress = .now
            let first = state.pending.isEmpty ? nil : state.pending.removeFirst().continuation
            return (first, state.garbage >= Self.garbageMax)
        }
        question?.resume(returning: .failed(sentence))
        if isTooMuch { fail(sentence) }
    }
}
