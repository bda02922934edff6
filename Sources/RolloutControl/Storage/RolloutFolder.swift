internal import Foundation
internal import Migration

/// The rollout's files in a state folder, and the kill switch's file wherever that is.
struct RolloutFolder: RolloutDisk {
    let folder: String
    let killFile: String
    private let audit: AuditLog

    static let auditName = "audit.jsonl"
    static let recordName = "rollout.json"
    static let evidenceName = "rollout-evidence.json"

    /// - Parameter expected: The least that the audit log must hold.
    init(folder: String, killFile: String, expected: AuditHead?) throws(AuditError) {
        self.folder = folder
        self.killFile = killFile
        audit = try AuditLog(path: folder + "/" + Self.auditName, expected: expected)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func read(_ name: String) throws -> [UInt8]? { try DurableFile.read(path(name)) }

    func replace(_ name: String, with bytes: [UInt8]) throws { try DurableFile.replace(path(name), with: bytes) }

    func rename(_ name: String, to other: String) throws { try DurableFile.rename(path(name), to: path(other)) }

    func lines(after sequence: Int) throws(AuditError) -> [[UInt8]] {
        try AuditVerification.lines(path: path(Self.auditName), from: sequence + 1)
    }

    func append(_ line: AuditLine) throws(AuditError) { try audit.append(line) }

    var head: AuditHead { audit.head }

    func killSwitch() -> KillSwitch? { KillSwitchFile.read(path: killFile) }

    func writeKillSwitch(_ kill: KillSwitch) throws {
        try DurableFile.replace(killFile, with: Array(KillSwitchFile.encode(kill).utf8))
    }

    func removeKillSwitch() throws { try DurableFile.remove(killFile) }
}
