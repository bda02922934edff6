/// One line of a log that several processes keep: made once, and written by each of them as it is.
public struct AuditLine: Sendable, Hashable {
    /// Without a line break.
    public let bytes: [UInt8]
    /// Of a log that ends with this line.
    public let head: AuditHead

    /// The line that tells of `action` after a log with this head.
    public init(_ action: AuditedAction, after head: AuditHead, at now: Instant) throws(AuditError) {
        let entry = AuditEntry(
            sequence: head.sequence + 1, time: now, actor: action.person?.name ?? "countersign",
            role: action.person?.role ?? "rollout", action: action.action, details: action.details, previous: head.digest)
        bytes = try entry.line()
        self.head = AuditHead(sequence: entry.sequence, digest: AuditEntry.digest(bytes))
    }

    /// A line that somebody else made; nil when it does not follow a log with this head.
    public init?(_ bytes: [UInt8], following head: AuditHead) {
        guard let entry = AuditEntry.parse(bytes), entry.schema <= AuditEntry.schema, entry.sequence == head.sequence + 1,
            entry.previous == head.digest, !bytes.contains(UInt8(ascii: "\n"))
        else { return nil }
        self.bytes = bytes
        self.head = AuditHead(sequence: entry.sequence, digest: AuditEntry.digest(bytes))
    }

    public var entry: AuditEntry? { Self.entry(of: bytes) }

    /// Of a line as it stands in a log; nil when the bytes are no entry at all.
    public static func entry(of bytes: [UInt8]) -> AuditEntry? { AuditEntry.parse(bytes) }

    /// Of a line as it stands in a log: what a head that ends with it says.
    public static func digest(_ bytes: [UInt8]) -> String { AuditEntry.digest(bytes) }
}

extension AuditVerification {
    /// The whole lines of a log as they stand there, from `sequence` on; nothing is verified.
    public static func lines(path: String, from sequence: Int) throws(AuditError) -> [[UInt8]] {
        split(try contents(path)).lines.dropFirst(max(0, sequence - 1)).map(Array.init)
    }
}
