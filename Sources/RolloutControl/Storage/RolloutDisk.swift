internal import Migration

/// Where a proxy keeps its rollout. What a call wrote is on the disk when it returns. A seam, so that tests can stop between any two calls.
protocol RolloutDisk: Sendable {
    /// Nil when there is no file of that name.
    func read(_ name: String) throws -> [UInt8]?
    /// All of it or nothing of it.
    func replace(_ name: String, with bytes: [UInt8]) throws
    func rename(_ name: String, to other: String) throws
    /// Lines of the audit log with a number above `sequence`.
    func lines(after sequence: Int) throws(AuditError) -> [[UInt8]]
    func append(_ line: AuditLine) throws(AuditError)
    /// Of the audit log.
    var head: AuditHead { get }
    func killSwitch() -> KillSwitch?
    func writeKillSwitch(_ kill: KillSwitch) throws
    func removeKillSwitch() throws
}
