import Alerting
import ArgumentParser
import Reports
import Verdicts

/// `countersign alerts silence`: for a while, some alerts are not told.
struct AlertsSilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Keep alerts of an operation or an incident from being told, for a while.",
        discussion: """
            Evidence is stored and counted as ever, and incidents are listed. A rollback or kill is told whatever is silenced. \
            What is still open when the silence ends is told then.
            """,
        subcommands: [Create.self, List.self, End.self], defaultSubcommand: Create.self)

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Silence from now on.")

        @Option(help: ArgumentHelp("All incidents of this operation.", valueName: "NAME"))
        var operation: String?

        @Option(help: ArgumentHelp("This incident (inc_…).", valueName: "ID"))
        var incident: String?

        @Option(help: ArgumentHelp("Who silences.", valueName: "NAME"))
        var author: String

        @Option(help: ArgumentHelp("Why.", valueName: "TEXT"))
        var reason: String

        @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30m, 2h, 7d; at most 30d.", valueName: "DURATION"))
        var duration: String

        @OptionGroup var place: StorePlace

        func validate() throws {
            guard operation != nil || incident != nil else {
                throw ValidationError("Say what to silence: --operation NAME or --incident ID.")
            }
            for (name, text) in [("--author", author), ("--reason", reason)] where text.allSatisfy(\.isWhitespace) {
                throw ValidationError("\(name) says nothing; whoever finds the silence wants to know.")
            }
            _ = try seconds()
        }

        private func seconds() throws -> Int64 {
            let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
            let month: Int64 = 30 * 86_400
            guard let unit = duration.last.flatMap({ units[$0] }), let count = Int64(duration.dropLast()), count > 0,
                count <= month / unit
            else { throw ValidationError("--for takes a duration from 1s to 30d, as 30m, 2h or 7d.") }
            return count * unit
        }

        func run() async throws {
            let book = AlertBook(store: try await place.open(writing: true))
            var fingerprint: String?
            if let incident {
                guard let found = try await book.incident(incident) else {
                    throw ExitStatus.noInput.because("there is no one incident \(incident): see countersign alerts list")
                }
                guard !found.isOfRollout else {
                    throw ExitStatus.usage.because("\(found.id) is an event of the rollout, which can't be silenced")
                }
                fingerprint = found.fingerprint
            }
            if let operation { try await note(operation, book) }
            guard
                let silence = try await book.silence(
                    operation: operation, fingerprint: fingerprint, author: author, reason: reason, seconds: seconds())
            else { throw ExitStatus.unavailable.because("the store did not take the silence; try again") }
            Screen.standard.print("silence \(silence.id) holds until \(ReportText.time(microseconds: silence.endsAt))")
        }

        /// A misspelled name silences nothing; one that never had an incident may have its first yet.
        private func note(_ operation: String, _ book: AlertBook) async throws {
            let known = try await book.operations()
            guard !known.contains(operation) else { return }
            let names = known.isEmpty ? "none" : known.map(ReportText.visible).joined(separator: ", ")
            Screen.complain(
                "countersign: there is no incident of \(ReportText.visible(operation)) yet, so it silences nothing now; "
                    + "there are some of: \(names)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Silences, the latest first.")

        @OptionGroup var place: StorePlace

        @Flag(help: "Those that are over too.")
        var all = false

        func run() async throws {
            let now = SystemTime.microseconds()
            let silences = try await AlertBook(store: place.open()).silences().filter { all || $0.endsAt > now }
            if silences.isEmpty { Screen.standard.print("no silences") }
            for silence in silences {
                let what = [silence.operation, silence.fingerprint.map { "inc_\($0)" }].compactMap { $0 }.joined(separator: " ")
                let end = silence.endedBy.map { ", ended by \(ReportText.visible($0))" } ?? ""
                Screen.standard.print(
                    "\(silence.id)  \(ReportText.visible(what))  until \(ReportText.time(microseconds: silence.endsAt))"
                        + "  \(ReportText.visible(silence.author)): \(ReportText.visible(silence.reason))\(end)")
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a silence before its time.")

        @Argument(help: ArgumentHelp("The silence's number.", valueName: "ID"))
        var id: Int64

        @Option(help: ArgumentHelp("Who ends it.", valueName: "NAME"))
        var author: String

        @OptionGroup var place: StorePlace

        func run() async throws {
            guard try await AlertBook(store: place.open(writing: true)).endSilence(id, by: author) else {
                throw ExitStatus.noInput.because("no silence \(id) holds: see countersign alerts silence list")
            }
            Screen.standard.print("silence \(id) has ended")
        }
    }
}
