public import Foundation

/// The report as JSON: what ``RunReport`` holds, plus nothing.
public enum JSONReport {
    static func render(_ report: RunReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    /// Reads a report back; refuses one of another schema.
    public static func read(_ data: Data) throws -> RunReport {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let schema = try decoder.decode(Marked.self, from: data).schema
        guard schema == RunReport.schema else { throw UnknownSchema(schema: schema) }
        return try decoder.decode(RunReport.self, from: data)
    }

    /// A report of a schema that this version does not know.
    public struct UnknownSchema: Error, CustomStringConvertible {
        public var schema: String
        public var description: String {
            "this report is of schema \"\(schema)\"; this version reads \"\(RunReport.schema)\": render it with the version that wrote it"
        }
    }

    private struct Marked: Decodable {
        var schema: String
    }
}
