import ArgumentParser
import Foundation
import MatrixRun
import Synchronization
import UnixSignals

/// The programs, connections and logs of a command that runs rows; all of it ends with the command.
final class RunStage: Sendable {
    let cast = ProgramCast()
    let folder: RunFolder
    private let closing = Mutex<[@Sendable () -> Void]>([])

    init(_ what: String) throws { folder = try RunFolder(what) }

    func atEnd(_ close: @escaping @Sendable () -> Void) { closing.withLock { $0.append(close) } }

    /// Runs the body; the first ^C stops the run, the second ends the command at once.
    func whileWatched<Value: Sendable>(_ control: RunControl, _ body: () async throws -> Value) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let watching = Task { [cast] in
            for await _ in signals {
                if control.isStopping {
                    await cast.stopAll()
                    Foundation.exit(130)
                }
                control.stop()
                Screen.complain("countersign: stopping after the rows under way; once more ends at once")
            }
        }
        defer { watching.cancel() }
        do {
            let value = try await body()
            await end()
            folder.remove()
            return value
        } catch {
            await end()
            Screen.complain("countersign: the services' logs are in \(folder.root.path)")
            throw error
        }
    }

    private func end() async {
        for close in closing.withLock({ $0 }) { close() }
        await cast.stopAll()
    }
}
