import ArgumentParser
import Foundation
import Reconciliation

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare the two services' books account by account, to the won.",
        discussion: """
            A side is a running service (http://HOST:PORT) or its database (sqlite:PATH, or just PATH; postgres://…; never changed). Each side \
            is held against itself too: entries and journals must add up to the balance, debits to credits. Run it when \
            nothing moves. Exit codes: 0 equal, 1 differences, 3 a side can't be read, 64 wrong flags.
            """)

    @Option(help: ArgumentHelp("The legacy core's books.", valueName: "url|db")) var legacy: String
    @Option(help: ArgumentHelp("The payout service's books.", valueName: "url|db")) var payout: String
    @Option(help: ArgumentHelp("How long tax events may still be under way: 500ms, 30s, 2m.", valueName: "time"))
    var wait = Span(milliseconds: 30_000)
    @Option(help: "How many differences to list; all are counted.") var list = 50
    @Option(help: ArgumentHelp("Write the report here as JSON too.", valueName: "file")) var json: String?

    func validate() throws {
        guard LedgerLocation(legacy) != LedgerLocation(payout) else {
            throw ValidationError("--legacy and --payout name the same books: they would agree with themselves.")
        }
        guard list >= 0 else { throw ValidationError("--list takes a number of 0 or more.") }
    }

    func run() async throws {
        let reconciliation = Reconciliation(
            legacy: LedgerLocation(legacy), payout: LedgerLocation(payout), waitMilliseconds: wait.milliseconds,
            differencesListedMax: list)
        let report: ReconciliationReport
        do { report = try await reconciliation.run() } catch {
            throw Terminal.failure(.noAnswer, error.description)
        }
        Terminal.print(report.text)
        if let json { try BankFiles.write(Array(try JSONFile.encode(report)), to: json) }
        guard !report.isEmpty else {
            throw Terminal.failure(.failed, "Neither side has an account: equal books of nothing prove nothing.")
        }
        if !report.isEqual { throw ExitCode(Terminal.Failure.failed.rawValue) }
    }
}

/// Reports as files: stable key order, ready to read.
enum JSONFile {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }
}
