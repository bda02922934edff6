import ArgumentParser
import Foundation

/// `countersign proxy`: the verifier itself.
struct ProxyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Answer callers from one side, ask the other the same, and compare.",
        discussion: """
            With --config FILE the file says what is compared and how; SIGHUP reads it again. Without, every GET and HEAD is \
            compared and each mismatch is shown as it comes; everything else goes to the legacy side alone.

            SIGTERM or ^C stops it: what is in flight is answered, evidence and alerts are written, exit status 0.
            """)

    @OptionGroup var settings: ProxySettings

    func run() async throws {
        // A terminal or pipe that goes away must not take the callers' connections with it.
        signal(SIGPIPE, SIG_IGN)
        let configuration = try settings.load(temporaryState: Self.temporaryState)
        try await ProxyRun(settings: settings, configuration: configuration).run()
    }

    private static func temporaryState() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("countersign-\(ProcessInfo.processInfo.processIdentifier)")
        return folder.path
    }
}
