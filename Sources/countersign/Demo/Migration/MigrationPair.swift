import Foundation

/// Both services with fresh books and the proxy that carries a plan out, each of which can be restarted under load.
struct MigrationPair {
    let act: String
    let folder: DemoFolder
    let cast: ProgramCast
    let socket: ListeningSocket
    private let candidateFaults: [String]
    private let isAutomatic: Bool
    private let configuration: URL
    private(set) var legacy: String
    private(set) var candidate: String
    private(set) var admin: String
    private let legacyProgram: ChildProgram
    private var candidateProgram: ChildProgram
    private var proxyProgram: ChildProgram

    var proxy: String { "http://127.0.0.1:\(socket.port)" }
    var state: URL { folder.file("\(act)-state") }

    /// - Parameters:
    ///   - act: names the files.
    ///   - candidateFaults: flags of `bank payout`.
    ///   - isAutomatic: promotes by policy.
    static func start(
        _ act: String, candidateFaults: [String] = [], isAutomatic: Bool, webhook: String, in folder: DemoFolder,
        cast: ProgramCast
    ) async throws -> MigrationPair {
        let socket = try ListeningSocket()
        let configuration = try MigrationFiles.write(act, webhook: webhook, in: folder)
        async let legacyStarted = service("legacy", act, port: 0, [], folder, cast)
        async let candidateStarted = service("payout", act, port: 0, candidateFaults, folder, cast)
        let (legacy, candidate) = try await (legacyStarted, candidateStarted)
        let (program, admin) = try await proxy(
            act, configuration, legacy.url, candidate.url, socket, isAutomatic: isAutomatic, folder, cast)
        return MigrationPair(
            act: act, folder: folder, cast: cast, socket: socket, candidateFaults: candidateFaults, isAutomatic: isAutomatic,
            configuration: configuration, legacy: legacy.url, candidate: candidate.url, admin: admin,
            legacyProgram: legacy.program, candidateProgram: candidate.program, proxyProgram: program)
    }

    /// Stops the candidate as a deployment does, and starts it on the same port and books.
    mutating func restartCandidate() async throws {
        await candidateProgram.stop()
        let port = candidate.split(separator: ":").last.flatMap { Int($0) } ?? 0
        let started = try await Self.service("payout", act, port: port, candidateFaults, folder, cast)
        candidateProgram = started.program
    }

    /// Stops the proxy and starts it again; its socket goes on listening.
    mutating func restartProxy() async throws {
        await proxyProgram.stop()
        (proxyProgram, admin) = try await Self.proxy(
            act, configuration, legacy, candidate, socket, isAutomatic: isAutomatic, folder, cast)
    }

    /// Stops all three; the books stay.
    func stop() async {
        for program in [proxyProgram, candidateProgram, legacyProgram] { await program.stop() }
    }

    private static func service(
        _ name: String, _ act: String, port: Int, _ extra: [String], _ folder: DemoFolder, _ cast: ProgramCast
    ) async throws -> (program: ChildProgram, url: String) {
        let (program, urls) = try await cast.start(
            "bank \(name)", "bank",
            [
                name, "--port", String(port), "--store", "sqlite:" + folder.file("\(act)-\(name).sqlite").path, "--fixture",
                try DemoFolder.fixture("accounts.jsonl").path, "--products", try DemoFolder.fixture("products.yaml").path,
            ] + extra, log: folder.file("\(act)-\(name).log"))
        return (program, urls[0])
    }

    private static func proxy(
        _ act: String, _ configuration: URL, _ legacy: String, _ candidate: String, _ socket: ListeningSocket, isAutomatic: Bool,
        _ folder: DemoFolder, _ cast: ProgramCast
    ) async throws -> (ChildProgram, String) {
        let arguments = [
            "proxy", "--config", configuration.path, "--legacy", legacy, "--candidate", candidate, "--listen",
            "127.0.0.1:\(socket.port)", "--socket", "0", "--admin", "127.0.0.1:0", "--state", folder.file("\(act)-state").path,
        ]
        let (program, urls) = try await cast.start(
            "countersign proxy", "countersign", arguments + (isAutomatic ? ["--auto"] : []), log: folder.file("\(act)-proxy.log"),
            addresses: 2, socket: socket.descriptor)
        return (program, urls[1])
    }
}
