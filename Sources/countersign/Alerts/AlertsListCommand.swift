import Alerting
import ArgumentParser
import Comparison
import Reports
import Verdicts

/// `countersign alerts list`
struct AlertsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Incidents, and the notices that are waiting or were given up.")

    @OptionGroup var place: StorePlace

    @Option(help: "How many of each, the latest first.")
    var limit = 50

    @Flag(help: "Leave out what is resolved.")
    var open = false

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes 1 to 10000.") }
    }

    func run() async throws {
        let book = AlertBook(store: try await place.open())
        let screen = Screen.standard
        let incidents = try await book.incidents(limit: limit).filter { !open || $0.life.state == .open }
        if incidents.isEmpty { screen.print(open ? "no open incidents" : "no incidents") }
        for incident in incidents { screen.print(AlertLines.line(incident, screen)) }
        for state in [NoticeRow.State.waiting, .dead] {
            let notices = try await book.notices(state: state, limit: limit)
            guard !notices.isEmpty else { continue }
            screen.print(
                "\n" + screen.paint(state == .waiting ? "on their way" : "given up (countersign alerts replay ID)", .strong))
            for notice in notices { screen.print(AlertLines.line(notice)) }
        }
        let troubled = try await book.channelStates().filter { $0.disabledAt != nil || $0.failures > 0 }
        if !troubled.isEmpty { screen.print("\n" + screen.paint("channels", .strong)) }
        for channel in troubled { screen.print(AlertLines.line(channel)) }
    }
}

/// `countersign alerts show`
struct AlertsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "One incident, and every notice about it.")

    @Argument(help: ArgumentHelp("The incident's id (inc_…), or its first four characters or more.", valueName: "INCIDENT"))
    var incident: String

    @OptionGroup var place: StorePlace

    func run() async throws {
        let book = AlertBook(store: try await place.open())
        guard let found = try await book.incident(incident) else {
            throw ExitStatus.noInput.because("there is no one incident \(incident): see countersign alerts list")
        }
        let screen = Screen.standard
        screen.print(AlertLines.line(found, screen))
        screen.print("  id          \(found.id)")
        screen.print("  opened      \(ReportText.time(microseconds: found.life.openedAt))")
        screen.print("  disagreed   \(ReportText.time(microseconds: found.life.disagreedAt))")
        if let at = found.life.resolvedAt {
            screen.print(
                "  resolved    \(ReportText.time(microseconds: at)): \(ReportText.visible(found.life.resolvedBecause ?? ""))")
        } else {
            screen.print("  clean since \(found.life.clean) comparisons")
        }
        screen.print("  counted     \(found.count), and \(found.cascades) that followed, \(found.noise) of noise")
        let notices = try await book.notices(of: found)
        if !notices.isEmpty { screen.print("\n" + screen.paint("notices", .strong)) }
        for notice in notices { screen.print(AlertLines.line(notice) + "  \(notice.state.rawValue)") }
    }
}

/// Incidents, notices and channels in a line each.
enum AlertLines {
    static func line(_ incident: Incident, _ screen: Screen) -> String {
        let path = incident.path.isEmpty ? "" : " \(ReportText.visible(incident.path))"
        let values =
            incident.differenceKind == nil
            ? incident.cause.map { "  \(ReportText.visible($0))" } ?? ""
            : "  \(value(incident.legacyValue)) ≠ \(value(incident.candidateValue))"
        let replay = incident.sampleEvidence.isEmpty ? "" : "  countersign replay \(incident.sampleEvidence)"
        let state = !incident.isRaised ? "noise" : incident.life.state.rawValue
        return screen.paint(incident.severity.rawValue, incident.severity == .critical ? .bad : .warning)
            + "  \(state)  \(ReportText.visible(incident.operation))\(path)  \(incident.kind)\(values)  \(incident.count)×"
            + screen.paint("  last \(ReportText.time(microseconds: incident.lastSeen))\(replay)  \(incident.id)", .soft)
    }

    private static func value(_ text: String?) -> String { text.map { ReportText.visible($0) } ?? "absent" }

    static func line(_ notice: NoticeRow) -> String {
        "  \(notice.id)  \(notice.channel)  \(notice.kind)  \(notice.attempts) \(notice.attempts == 1 ? "attempt" : "attempts")  "
            + "\(ReportText.visible(notice.lastOutcome ?? "not tried yet"))  \(ReportText.time(microseconds: notice.createdAt))"
    }

    static func line(_ channel: ChannelState) -> String {
        if let at = channel.disabledAt {
            return "  \(channel.channel)  disabled since \(ReportText.time(microseconds: at)): "
                + "\(ReportText.visible(channel.disabledBecause ?? ""))  countersign alerts enable \(channel.channel)"
        }
        let pause = channel.pausedUntil > 0 ? ", rests until \(ReportText.time(microseconds: channel.pausedUntil))" : ""
        return "  \(channel.channel)  \(channel.failures) failures in a row\(pause)"
    }
}
