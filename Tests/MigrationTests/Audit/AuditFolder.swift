import Foundation

@testable import Migration

/// A folder of its own for one test's log; gone with the value.
final class AuditFolder {
    let folder: String
    var path: String { folder + "/audit.jsonl" }
    static let now = Instant(milliseconds: 1_772_413_323_004)

    init() throws {
        folder = NSTemporaryDirectory() + "audit-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes so many entries and lets go of the log. Gives the heads after each, the empty one first.
    @discardableResult
    func write(_ count: Int) throws -> [AuditHead] {
        let log = try AuditLog(path: path)
        var heads = [log.head]
        for number in 0..<count {
            heads.append(
                try log.append(
                    "step", actor: "kim", role: "operator", details: ["b": "\(number)", "a": "이자 \"1\"\n"],
                    at: Self.now.advanced(byMilliseconds: Int64(number))))
        }
        return heads
    }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    func put(_ bytes: some Collection<UInt8>) throws { try Data(bytes).write(to: URL(filePath: path)) }

    func lines() throws -> [String] { String(decoding: try bytes(), as: UTF8.self).split(separator: "\n").map(String.init) }

    func put(lines: [String]) throws { try put(lines.map { $0 + "\n" }.joined().utf8) }
}

/// Runs what may throw, and gives the error's code.
func auditCode(_ work: () throws -> Void) -> AuditError.Code? {
    do {
        try work()
        return nil
    } catch { return (error as? AuditError)?.code }
}
