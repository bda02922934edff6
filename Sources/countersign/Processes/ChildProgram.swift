import Foundation
import Synchronization

/// A program started by this one, with its output read line by line.
///
/// It gets its own process group (Foundation sees to that), so that ^C in the terminal reaches only us: we then stop our programs
/// in order.
final class ChildProgram: Sendable {
    let name: String
    let processID: Int32
    private let state: Mutex<State>

    private struct State {
        var lines: [String] = []
        var addresses: [String] = []
        var outputEnded: Bool
        var status: Int32?
        var readers: [(wanted: @Sendable (String) -> Bool, continuation: CheckedContinuation<String?, Never>)] = []
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    /// What is done with a program's standard output.
    enum Output {
        /// Read here, line by line.
        case lines
        /// Goes where ours goes.
        case inherited
    }

    /// - Parameters:
    ///   - socket: a listening socket that it gets as its standard input.
    ///   - log: where standard error goes, appended; nil lets it go where ours goes.
    init(
        name: String, executable: URL, arguments: [String], output: Output = .lines, log: URL? = nil, socket: CInt? = nil,
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = socket.map { FileHandle(fileDescriptor: $0, closeOnDealloc: false) } ?? FileHandle.nullDevice
        if let log {
            process.standardError = try Self.appending(to: log)
        }
        let pipe = output == .lines ? Pipe() : nil
        if let pipe { process.standardOutput = pipe }
        let ending = Ending()
        process.terminationHandler = { ended in
            ending.settle(ended.terminationReason == .exit ? ended.terminationStatus : 128 + ended.terminationStatus)
        }
        try process.run()
        self.name = name
        self.processID = process.processIdentifier
        self.state = Mutex(State(outputEnded: pipe == nil))
        ending.whenSettled { [weak self] status in self?.ended(status) }
        // Foundation hears of an end by a socket, and was seen to miss it: the process then stays a zombie, and whoever waits waits for ever.
        Thread.detachNewThread { [weak self, processID] in
            if let status = Self.end(of: processID) { self?.ended(status) }
        }
        if let pipe {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread { [weak self] in
                Self.readLines(handle) { line in
                    onLine(line)
                    self?.took(line)
                }
                self?.outputEnded()
            }
        }
    }

    /// The first line of output, past or to come, that is wanted; nil when the output ends before, or after `seconds`.
    func line(within seconds: Int, where wanted: @escaping @Sendable (String) -> Bool) async -> String? {
        let timer = Task {
            try await Task.sleep(for: .seconds(seconds))
            self.giveUpReading()
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let now: String?? = state.withLock { state in
                if let line = state.lines.first(where: wanted) { return line }
                if state.outputEnded { return .some(nil) }
                state.readers.append((wanted, continuation))
                return .none
            }
            if case .some(let line) = now { continuation.resume(returning: line) }
        }
    }

    /// The exit status; 128 and the signal's number when a signal ended it.
    func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status: Int32? = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    var hasEnded: Bool { state.withLock { $0.status != nil } }

    /// Where it said that it listens.
    var address: String { state.withLock { $0.addresses.joined(separator: "  ") } }

    func note(address: String) { state.withLock { $0.addresses.append(address) } }

    func send(signal: Int32) {
        // Under the lock the process can't have been reaped and its number given to another in between.
        state.withLock { state in
            if state.status == nil { kill(processID, signal) }
        }
    }

    /// Asks it to stop, and makes it after `seconds`.
    @discardableResult
    func stop(within seconds: Int = 15) async -> Int32 {
        send(signal: SIGTERM)
        send(signal: SIGCONT)
        let timer = Task {
            try await Task.sleep(for: .seconds(seconds))
            self.send(signal: SIGKILL)
        }
        defer { timer.cancel() }
        return await exitStatus()
    }

    private static func appending(to log: URL) throws -> FileHandle {
        let descriptor = open(log.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExitStatus.cannotCreate.because("can't write \(log.path)") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private func took(_ line: String) {
        let found = state.withLock { state in
            state.lines.append(line)
            if state.lines.count > 2_000 { state.lines.removeFirst(1_000) }
            let found = state.readers.filter { $0.wanted(line) }.map(\.continuation)
            state.readers.removeAll { $0.wanted(line) }
            return found
        }
        for continuation in found { continuation.resume(returning: line) }
    }

    private func outputEnded() {
        state.withLock { $0.outputEnded = true }
        giveUpReading()
    }

    private func giveUpReading() {
        let readers = state.withLock { state in
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.continuation.resume(returning: nil) }
    }

    /// Waits for the process's end, and leaves it to be reaped by Foundation; nil when that has happened already.
    private static func end(of process: Int32) -> Int32? {
        var found = siginfo_t()
        while waitid(P_PID, id_t(process), &found, WEXITED | WNOWAIT) != 0 {
            guard errno == EINTR else { return nil }
        }
        #if canImport(Darwin)
            let status = found.si_status
        #else
            let status = found._sifields._sigchld.si_status
        #endif
        return found.si_code == CInt(CLD_EXITED) ? status : 128 + status
    }

    private func ended(_ status: Int32) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int32, Never>] in
            // Told twice, by the system and by Foundation.
            guard state.status == nil else { return [] }
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    private static func readLines(_ handle: FileHandle, _ take: (String) -> Void) {
        var pending = Data()
        while true {
            let chunk = handle.availableData
            if chunk.isEmpty { break }
            pending.append(chunk)
            while let end = pending.firstIndex(of: 0x0A) {
                take(String(decoding: pending[..<end], as: UTF8.self))
                pending = Data(pending[(end + 1)...])
            }
        }
        if !pending.isEmpty { take(String(decoding: pending, as: UTF8.self)) }
    }
}

/// Brings a program's end to whoever asks, whichever comes first.
private final class Ending: Sendable {
    private let state = Mutex<(status: Int32?, take: (@Sendable (Int32) -> Void)?)>((nil, nil))

    func settle(_ status: Int32) {
        let take = state.withLock { state in
            state.status = status
            return state.take
        }
        take?(status)
    }

    func whenSettled(_ take: @escaping @Sendable (Int32) -> Void) {
        let status = state.withLock { state in
            state.take = take
            return state.status
        }
        if let status { take(status) }
    }
}
