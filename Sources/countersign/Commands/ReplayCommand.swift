import ArgumentParser
import Comparison
import Foundation
import Outbound
import ProxyConfiguration
import Reports
import Verdicts

/// `countersign replay ID`: shows a mismatch again.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Show a recorded mismatch again.",
        discussion: """
            A read is sent to both sides again, with the instant it had, and the answers are compared.

            A write is never sent to the live sides. Both sides' stored answers are shown, and with --start the call is made on \
            two fresh services of the bank: the account's fixture line is put together from the fixture file and from the legacy \
            side's journal, as it stood before the call, and the fresh legacy service must answer as the live one did. \
            --start works for a read too, when its account has moved since.

            Exit status: 0 the sides agree (or a write was only shown), 1 they differ, 66 no such evidence, 69 a side does not answer.
            """)

    @Argument(help: ArgumentHelp("The evidence's id, from an alert, a report or the terminal.", valueName: "ID"))
    var id: String

    @OptionGroup var place: StorePlace

    @Option(help: ArgumentHelp("The legacy side, where it is not where the proxy had it.", valueName: "URL"))
    var legacy: String?

    @Option(help: ArgumentHelp("The candidate, where it is not where the proxy had it.", valueName: "URL"))
    var candidate: String?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header that was redacted: 'authorization: Bearer …'.", valueName: "FIELD"))
    var headers: [String] = []

    @Flag(help: "Make the call on two fresh services of the bank.")
    var start = false

    @Option(help: ArgumentHelp("With --start: the accounts the bank began with.", valueName: "FILE"))
    var fixture: String?

    @Option(help: ArgumentHelp("With --start: the products.", valueName: "FILE"))
    var products: String?

    @Option(
        name: .customLong("fault"), help: ArgumentHelp("With --start: a fault of the fresh payout service.", valueName: "NAME"))
    var faults: [String] = []

    func run() async throws {
        let (note, evidence) = try await record()
        let client = OutboundClient()
        defer { client.close() }
        let replay = Replay(
            evidence: evidence, rules: note.rules(for: evidence.operation), legacy: legacy ?? note.plan.legacy,
            candidate: candidate ?? note.plan.candidate, resend: Resend(client: client, headers: try fields()), screen: .standard)
        replay.showRecord()
        let isRead = ["GET", "HEAD"].contains(evidence.request.method)
        let agree: Bool
        if start {
            agree = try await replay.onFreshPair(
                fixture: fixture ?? DemoFolder.fixture("accounts.jsonl").path,
                products: products ?? DemoFolder.fixture("products.yaml").path, faults: faults)
        } else if isRead {
            agree = try await replay.onLiveSides()
        } else {
            replay.explainWrite()
            return
        }
        if !agree { throw ExitCode(ExitStatus.differ.rawValue) }
    }

    private func record() async throws -> (RunNote, Evidence) {
        guard let address = try place.address() else {
            let state = try place.place.directory()
            return (try RunNote.read(from: state), try EvidenceShelf(state: state).evidence(id))
        }
        let shelf = try await SharedShelf.open(address)
        guard let note = try await shelf.note(), let evidence = try await EvidenceReader.fetch(id: id, in: shelf.store) else {
            throw ExitStatus.noInput.because(
                "there is no evidence \(id) in the store: it may be older than what is kept, or not shipped yet")
        }
        return (note, evidence)
    }

    private func fields() throws -> [(String, String)] {
        try headers.map { field in
            guard let colon = field.firstIndex(of: ":"), colon > field.startIndex else {
                throw ExitStatus.usage.because("--header takes 'name: value', not \(field)")
            }
            return (
                String(field[..<colon]).trimmingCharacters(in: .whitespaces),
                String(field[field.index(after: colon)...]).trimmingCharacters(in: .whitespaces)
            )
        }
    }
}
