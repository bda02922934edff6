internal import Synchronization

/// An append-only log of who did what to the rollout, each line chained to the one before by its digest.
///
/// An entry is on disk before `append` returns, so that an action can wait for it. Any thread may call; it blocks for the disk.
public final class AuditLog: Sendable {
    public let path: String
    private let writer: Mutex<Writer>

    private struct Writer: ~Copyable {
        var file: AuditFile
        var head: AuditHead
        /// Why nothing is written any more.
        var broken: AuditError?
    }

    /// Opens or creates the log, for one process at a time, and follows its chain from the first line.
    ///
    /// - Parameter expected: A head kept elsewhere, to find out that the end was cut off.
    /// - Throws: `inUse`; `tampered` when the chain is broken; `newer` when a later program wrote it; `torn` when a crash tore the last line: ``mend(path:by:at:expected:)`` is
    ///   the way on, and it is a person's decision; `unreadable`, `unwritable`.
    public init(path: String, expected: AuditHead? = nil) throws(AuditError) {
        self.path = path
        var file = try AuditFile.open(path)
        let report = AuditVerification.verify(try file.contents(), expected: expected)
        try Self.refuse(report, path, evenTorn: true)
        writer = Mutex(Writer(file: file, head: report.head, broken: nil))
    }

    /// Of the last entry; for notices.
    public var head: AuditHead { writer.withLock { $0.head } }

    /// Writes an entry and waits for the disk.
    ///
    /// - Throws: `unwritable` when the disk is full: nothing was written, a later try may succeed. `broken` or `tampered` when it is
    ///   unknown what the file holds: every later call throws the same, until the log has been opened anew.
    @discardableResult
    public func append(
        _ action: String, actor: String, role: String, details: [String: String] = [:], at now: Instant
    ) throws(AuditError) -> AuditHead {
        try writer.withLock { (writer) throws(AuditError) -> AuditHead in
            if let broken = writer.broken { throw broken }
            let entry = AuditEntry(
                sequence: writer.head.sequence + 1, time: now, actor: actor, role: role, action: action, details: details,
                previous: writer.head.digest)
            let line = try entry.line()
            do throws(AuditError) {
                try writer.file.append(line)
            } catch {
                if error.code != .unwritable { writer.broken = error }
                throw error
            }
            writer.head = AuditHead(sequence: entry.sequence, digest: AuditEntry.digest(line))
            return writer.head
        }
    }

    /// Writes a line that was made for several logs, as it is.
    ///
    /// - Throws: as ``append(_:actor:role:details:at:)``; `tampered` when the line does not follow the last one.
    @discardableResult
    public func append(_ line: AuditLine) throws(AuditError) -> AuditHead {
        try writer.withLock { (writer) throws(AuditError) -> AuditHead in
            if let broken = writer.broken { throw broken }
            guard let due = AuditLine(line.bytes, following: writer.head) else {
                throw AuditError(
                    .tampered, "Entry \(line.head.sequence) does not follow the audit log \(path), which ends at \(writer.head).")
            }
            do throws(AuditError) {
                try writer.file.append(due.bytes)
            } catch {
                if error.code != .unwritable { writer.broken = error }
                throw error
            }
            writer.head = due.head
            return writer.head
        }
    }

    /// Writes what a rollout asks for; what nobody did is `countersign`'s, with the role `rollout`.
    @discardableResult
    public func append(_ action: AuditedAction, at now: Instant) throws(AuditError) -> AuditHead {
        try append(
            action.action, actor: action.person?.name ?? "countersign", role: action.person?.role ?? "rollout",
            details: action.details, at: now)
    }

    /// Puts an entry in the place of a torn last line, which says that it does and what stood there. Nothing that a caller was told of
    /// is lost: the torn line's `append` never returned. Does nothing to a log that is not torn.
    public static func mend(
        path: String, by person: Person, at now: Instant, expected: AuditHead? = nil
    ) throws(AuditError) -> AuditHead {
        var file = try AuditFile.open(path)
        let bytes = try file.contents()
        let report = AuditVerification.verify(bytes, expected: expected)
        try refuse(report, path, evenTorn: false)
        if report.tornBytes == 0 { return report.head }
        let torn = bytes.suffix(report.tornBytes)
        let entry = AuditEntry(
            sequence: report.head.sequence + 1, time: now, actor: person.name, role: person.role, action: "audit-mended",
            details: [
                "torn-bytes": "\(torn.count)", "torn-digest": AuditEntry.digest(torn),
                "torn-text": String(decoding: torn.prefix(1_024), as: UTF8.self),
            ], previous: report.head.digest)
        let line = try entry.line()
        file.leaveOut(tornBytes: report.tornBytes)
        try file.append(line, replacing: report.tornBytes)
        return AuditHead(sequence: entry.sequence, digest: AuditEntry.digest(line))
    }

    private static func refuse(_ report: AuditReport, _ path: String, evenTorn: Bool) throws(AuditError) {
        if let problem = report.problem, problem.kind == .newer {
            throw AuditError(.newer, "The audit log \(path) is of a later program; go on with that one. \(problem)")
        }
        if let problem = report.problem {
            throw AuditError(.tampered, "The audit log \(path) is not as it was written. \(problem)")
        }
        if evenTorn, report.tornBytes > 0 {
            throw AuditError(
                .torn,
                "The last line of the audit log \(path) was torn off after \(report.tornBytes) bytes, as by a crash; "
                    + "`mend` replaces it by an entry that says so.")
        }
    }
}
