import ArgumentParser
import Foundation
import Migration
import RolloutControl

extension RolloutCommand {
    /// May one more per cent move, and how do you know?
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where the rollout stands, what holds the next stage, and on what figures.",
            discussion:
                "Exit status: 0 the next stage may begin, 2 something holds it, 69 no proxy answers, 77 no sufficient token.")

        @Flag(help: "As JSON, as the admin port gives it.") var json = false
        @OptionGroup var place: AdminPlace

        func run() async throws {
            let bytes = try await place.ask("GET", "/rollout")
            let status = try RolloutCommand.status(bytes)
            if json {
                Screen.standard.print(String(decoding: bytes, as: UTF8.self))
            } else {
                RolloutText(status).print(.standard)
            }
            if !status.mayMove { throw ExitCode(ExitStatus.held.rawValue) }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was done about the rollout, by whom, the oldest first.",
            discussion:
                "The entries of the audit log, as the proxy has them. Exit status: 0, 69 no proxy answers, 77 no sufficient token."
        )

        @Option(help: "Entries after this number.") var after = 0
        @Flag(help: "As JSON, as the admin port gives it.") var json = false
        @OptionGroup var place: AdminPlace

        func validate() throws { guard after >= 0 else { throw ValidationError("--after takes a number from 0 on.") } }

        private struct Page: Codable {
            var schema: Int
            var entries: [AuditEntry]
        }

        func run() async throws {
            var all: [AuditEntry] = []
            var last = after
            while true {
                let bytes = try await place.ask("GET", "/rollout/history?after=\(last)&limit=1000")
                guard let page = try? JSONDecoder().decode(Page.self, from: Data(bytes)) else {
                    throw ExitStatus.data.because("the proxy's answer is of another version than this command")
                }
                all += page.entries
                guard page.entries.count == 1_000, let end = page.entries.last else { break }
                last = end.sequence
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
                Screen.standard.print(String(decoding: try encoder.encode(Page(schema: 1, entries: all)), as: UTF8.self))
            } else {
                for entry in all { Screen.standard.print("\(entry)") }
            }
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The keys that the candidate has written, and how the legacy stands with each.",
            discussion: """
                Those of a rollback that is over stand in `rollback-NUMBER.keys.jsonl` in the state folder. Exit status: 0, 69 no proxy \
                answers, 77 no sufficient token.
                """)

        @Flag(help: "One JSON object a line.") var json = false
        @OptionGroup var place: AdminPlace

        private struct Page: Decodable {
            var total: Int
            var keys: [WrittenKey]
        }

        func run() async throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let screen = Screen.standard
            var from = 0
            while true {
                let bytes = try await place.ask("GET", "/rollout/written-keys?from=\(from)&limit=10000")
                guard let page = try? JSONDecoder().decode(Page.self, from: Data(bytes)) else {
                    throw ExitStatus.data.because("the proxy's answer is of another version than this command")
                }
                if from == 0, !json { screen.print("\(page.total) keys written by the candidate") }
                for key in page.keys {
                    screen.print(json ? String(decoding: try encoder.encode(key), as: UTF8.self) : line(key))
                }
                from += page.keys.count
                if page.keys.isEmpty || from >= page.total { break }
            }
            if json { return }
            let status = try RolloutCommand.status(try await place.ask("GET", "/rollout"))
            if let file = status.keysFile { screen.print("those of the last rollback or kill: \(file) in the state folder") }
            if status.handOvers.keysMistrusted > 0 {
                screen.print(
                    "\(status.handOvers.keysMistrusted) not trusted, and held where they are: countersign report lists them")
            }
        }

        private func line(_ key: WrittenKey) -> String {
            var needs: [String] = []
            if key.mismatches > 0 { needs.append("\(key.mismatches) answers differed: countersign report") }
            if key.isDiverged { needs.append("the sides differ: countersign resync \(key.key)") }
            if key.isUnverified { needs.append("waits for a read-back") }
            if key.writesBehind > 0 { needs.append("the legacy has \(key.writesBehind) writes yet to take") }
            return "  \(key.key)  \(needs.isEmpty ? "as on the legacy" : needs.joined(separator: "; "))"
        }
    }

    static func status(_ bytes: [UInt8]) throws -> RolloutStatus {
        guard let status = try? JSONDecoder().decode(RolloutStatus.self, from: Data(bytes)), status.schema <= RolloutStatus.schema
        else {
            throw ExitStatus.data.because("the proxy's answer is of another version than this command: use the proxy's own")
        }
        return status
    }
}
