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
        commandName: "alerts", abstract: "List and show alerts, silence them, send one again, or test a channel.",
        subcommands: [
            AlertsListCommand.self, AlertsShowCommand.self, AlertsSilenceCommand.self, ReplayOne.self, Enable.self, Test.self,
        ], defaultSubcommand: AlertsListCommand.self)

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
            let book = AlertBook(store: try await place.open(writing: true))
            guard try await book.replay(id) else {
                throw ExitStatus.noInput.because("there is no notice \(id): see countersign alerts list")
            }
            let channel = try await book.notice(id)?.channel
            let isDisabled = try await book.channelStates().contains { $0.channel == channel && $0.disabledAt != nil }
            let condition = isDisabled ? ", once its channel is: countersign alerts enable \(channel ?? "")" : ""
            Screen.standard.print("notice \(id) is on its way again\(condition)")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Use a channel again whose receiver said that it is gone (HTTP 410).",
            discussion: "What was given up meanwhile stays so: countersign alerts replay ID sends it.")

        @Argument(help: ArgumentHelp("The channel's name in the configuration.", valueName: "CHANNEL"))
        var channel: String

        @OptionGroup var place: StorePlace

        func run() async throws {
            guard try await AlertBook(store: place.open(writing: true)).enable(channel) else {
                throw ExitStatus.noInput.because("no channel \(channel) is disabled: see countersign alerts list")
            }
            Screen.standard.print("\(channel) is used again")
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
            case .refused(let reason), .gone(let reason):
                throw ExitStatus.unavailable.because("\(channel) will not take it: \(reason)")
            }
        }
    }
}
