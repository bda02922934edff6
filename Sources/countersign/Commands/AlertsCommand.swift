import Alerting
import ArgumentParser
import Comparison
import Foundation
import Outbound
import ProxyConfiguration
import Reports
import Verdicts

/// `countersign alerts`: what was raised, what is on its way, and whether a channel works.
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "List alerts, send one again, or test a channel.",
        subcommands: [List.self, ReplayOne.self, Test.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Incidents, and the notices that are waiting or were given up.")

        @OptionGroup var place: StorePlace

        @Option(help: "How many of each, the latest first.")
        var limit = 50

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes 1 to 10000.") }
        }

        func run() async throws {
            let book = AlertBook(store: try await place.open())
            let screen = Screen.standard
            let incidents = try await book.incidents(limit: limit)
            if incidents.isEmpty { screen.print("no incidents") }
            for incident in incidents { screen.print(line(incident, screen)) }
            for state in [NoticeRow.State.waiting, .dead] {
                let notices = try await book.notices(state: state, limit: limit)
                guard !notices.isEmpty else { continue }
                screen.print(
                    "\n" + screen.paint(state == .waiting ? "on their way" : "given up (countersign alerts replay ID)", .strong))
                for notice in notices { screen.print(line(notice)) }
            }
        }

        private func line(_ incident: Incident, _ screen: Screen) -> String {
            let path = incident.path.isEmpty ? "" : " \(ReportText.visible(incident.path))"
            let values =
                incident.differenceKind == nil
                ? incident.cause.map { "  \(ReportText.visible($0))" } ?? ""
                : "  \(value(incident.legacyValue)) ≠ \(value(incident.candidateValue))"
            let replay = incident.sampleEvidence.isEmpty ? "" : "  countersign replay \(incident.sampleEvidence)"
            return screen.paint(incident.severity.rawValue, incident.severity == .critical ? .bad : .warning)
                + "  \(incident.operation)\(path)  \(incident.kind)\(values)  \(incident.count)×"
                + screen.paint(
                    "  last \(ReportText.time(microseconds: incident.lastSeen))\(replay)",
                    .soft)
        }

        private func value(_ text: String?) -> String { text.map { ReportText.visible($0) } ?? "absent" }

        private func line(_ notice: NoticeRow) -> String {
            "  \(notice.id)  \(notice.channel)  \(notice.attempts) attempts  \(ReportText.visible(notice.lastOutcome ?? "not tried yet"))"
                + "  \(ReportText.time(microseconds: notice.createdAt))"
        }
    }

    struct ReplayOne: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay", abstract: "Put a notice back on its way.",
            discussion:
                "The running proxy (or the next one on this state folder, or any one on this store) delivers it, with the same webhook-id."
        )

        @Argument(help: ArgumentHelp("The notice's number, from `countersign alerts list`.", valueName: "ID"))
        var id: Int64

        @OptionGroup var place: StorePlace

        func run() async throws {
            guard try await AlertBook(store: place.open(writing: true)).replay(id) else {
                throw ExitStatus.noInput.because("there is no notice \(id): see countersign alerts list")
            }
            Screen.standard.print("notice \(id) is on its way again")
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a marked test to a channel now.", discussion: "Exit status: 0 delivered, 69 not.")

        @Argument(help: ArgumentHelp("The channel's name in the configuration.", valueName: "CHANNEL"))
        var channel: String

        @Option(help: ArgumentHelp("The configuration.", valueName: "FILE"))
        var config: String

        func run() async throws {
            let channels = try ProxySettings.read(config).channels
            guard let settings = channels.first(where: { $0.name == channel }) else {
                let names = channels.map(\.name).joined(separator: ", ")
                throw ExitStatus.usage.because("\(config) has no channel \(channel); it has \(names.isEmpty ? "none" : names)")
            }
            let client = OutboundClient()
            defer { client.close() }
            switch await AlertBook.test(AlertChannel(settings), client: client) {
            case .delivered(let answer): Screen.standard.print("\(channel) took it: \(answer)")
            case .failed(let reason, _): throw ExitStatus.unavailable.because("\(channel) did not take it: \(reason)")
            case .refused(let reason): throw ExitStatus.unavailable.because("\(channel) will not take it: \(reason)")
            }
        }
    }
}
