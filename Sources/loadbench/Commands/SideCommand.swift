import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

struct SideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "side",
        abstract: "A stub side that is well, or in trouble; runs until it is stopped.",
        discussion: """
            \(Behaviour.allCases.map(\.rawValue).joined(separator: ", ")). A side that is stopped is a healthy one with SIGSTOP; one \
            that refuses connections is none at all. `listening on HOST:PORT` is printed when it is.
            """)

    @Option(help: ArgumentHelp("Where; port 0 takes a free one.", valueName: "host:port")) var listen: Endpoint
    @Option(help: "What becomes of a request.") var behaviour = Behaviour.healthy
    @Option(help: ArgumentHelp("Of `slow`.", valueName: "milliseconds")) var delayMs = 2_000
    @Option(help: "Of `large`: the body's size.") var bytes = 65_536
    @Option(help: ArgumentHelp("Stands in the payoutId of answers, so that two sides' bytes are never equal.", valueName: "text"))
    var variant = "0"
    @Option(help: ArgumentHelp("The body of healthy answers.", valueName: "file")) var bodyFile: String?
    @Option(help: ArgumentHelp("Only these paths meet the behaviour; to others the side is healthy.", valueName: "prefix"))
    var onlyPath: String?

    func validate() throws {
        guard (0...3_600_000).contains(delayMs) else { throw ValidationError("--delay-ms takes 0 to 3600000.") }
        guard (256...1 << 30).contains(bytes) else { throw ValidationError("--bytes takes 256 to \(1 << 30).") }
        guard !variant.isEmpty, variant.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) else {
            throw ValidationError("--variant takes visible ASCII without quotes and backslashes.")
        }
    }

    func run() throws {
        try? OpenFiles.allow(connections: 65_536)
        let answers = SideAnswers(
            body: try body() ?? SideAnswers.payout(variant: variant),
            largeBody: behaviour == .large ? SideAnswers.statement(bytes: bytes, variant: variant) : [])
        let plan = SidePlan(
            behaviour: behaviour, answers: answers, delayMilliseconds: delayMs, onlyPath: onlyPath.map { Array($0.utf8) })
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel: any Channel
        do { channel = try SideServer.listen(on: listen, plan: plan, loop: group.next()).wait() } catch {
            throw Terminal.failure(
                .unavailable,
                "\(listen) can't be listened on (\(Unavailable.reason(error))): choose another port, or 0 for a free one.")
        }
        Terminal.print("listening on \(Endpoint(host: listen.host, port: channel.localAddress?.port ?? listen.port))")
        try channel.closeFuture.wait()
    }

    private func body() throws -> [UInt8]? {
        guard let bodyFile else { return nil }
        guard let bytes = FileManager.default.contents(atPath: bodyFile) else {
            throw Terminal.failure(.missingFile, "There is no readable file \(bodyFile).")
        }
        return Array(bytes)
    }
}
