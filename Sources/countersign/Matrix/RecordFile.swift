import Foundation
import RunRecords

/// Records of runs as files.
enum RecordFile {
    static func write(_ record: RunRecord, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(record).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ExitStatus.cannotCreate.because("can't write \(path): \(error.localizedDescription)")
        }
    }

    static func read(_ path: String) throws -> RunRecord {
        let bytes = try InputFile.bytes(path)
        do {
            return try JSONDecoder().decode(RunRecord.self, from: bytes)
        } catch {
            throw ExitStatus.data.because("\(path) is no record of a run (\(RunRecord.schema))")
        }
    }
}
