import Comparison
import Foundation
import ProxyConfiguration
import Reports
import ShadowProxy

/// What other commands want to know about a run, kept as `run.json` in its state folder: who the sides are, where it listens, and
/// the latencies, which nothing else keeps.
///
/// Written every second while the proxy runs, and once more at its end. `report`, `replay` and `resync` read it.
struct RunNote: Codable, Sendable {
    static let schema = "countersign.run/1"

    var schema = RunNote.schema
    var processID: Int32
    var startedAt: Date
    var updatedAt: Date
    /// Nil while it runs, and after it ended uncleanly.
    var endedAt: Date?
    var plan: PlanSummary
    /// The plan's file, for the rules of a replay; nil when there was none.
    var configurationFile: String?
    /// `http://…` (`https://…`) of the callers' and of the admin port.
    var listen: String
    var admin: String
    var inFlight: Int
    var awaitingComparison: Int
    var latencies: [LatencyReport]
    var bounds: [BoundReport]

    static func file(in state: String) -> URL { URL(fileURLWithPath: state).appendingPathComponent("run.json") }

    /// Replaces the note as a whole, so that a reader never sees half of one.
    func write(to folder: StateFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try encoder.encode(self).write(to: Self.file(in: folder.path), options: .atomic)
    }

    /// Reads a state folder's note, or ends the command.
    static func read(from state: String) throws -> RunNote {
        let path = file(in: state).path
        guard FileManager.default.fileExists(atPath: path) else {
            throw ExitStatus.noInput.because(
                "\(state) is no state folder: it has no run.json (--state takes the proxy's --state)")
        }
        guard let note = RunNote(json: try InputFile.bytes(path)) else {
            throw ExitStatus.data.because("\(path) is not of schema \"\(schema)\": read it with the version that wrote it")
        }
        return note
    }

    /// How answers of an operation are compared, by the plan's file as it is now.
    func rules(for operation: String) -> ResponseRules {
        guard let configurationFile, let configuration = try? CountersignConfiguration.load(path: configurationFile) else {
            return ResponseRules()
        }
        return configuration.plan.operations.first { $0.name == operation }?.rules ?? configuration.plan.unknownRules
    }
}

extension RunNote {
    /// Nil when it is of another schema.
    init?(json data: Data) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let note = try? decoder.decode(RunNote.self, from: data), note.schema == Self.schema else { return nil }
        self = note
    }
}
