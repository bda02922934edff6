public import Foundation

/// The report as a file.
public enum GateReportFile {
    public static func write(_ report: GateReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    /// Reads a report back; refuses one of another schema.
    public static func read(_ data: Data, named name: String) throws(RunFileError) -> GateReport {
        let schema = try RunFile.schema(of: data, named: name)
        guard schema == GateReport.schema else {
            throw RunFileError(
                "\(name) is of schema \"\(schema ?? "none")\"; a report to render again is of \"\(GateReport.schema)\"")
        }
        return try RunFile.decode(GateReport.self, data, named: name)
    }
}
