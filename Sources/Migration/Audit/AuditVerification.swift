internal import Foundation

/// What a log holds, and whether it is as it was written.
public struct AuditReport: Sendable, Hashable {
    /// Of the lines before the first problem.
    public var head: AuditHead
    /// The first one found; nil for a log that is whole.
    public var problem: AuditProblem?
    /// Bytes after the last line break: a line that a crash tore off while it was written. No caller was told that it was written.
    public var tornBytes: Int

    public var isWhole: Bool { problem == nil && tornBytes == 0 }
}

/// Reading a log, without a lock: also while it is written.
public enum AuditVerification {
    /// Checks the chain from the first line on. A chain alone cannot show that its end was cut off or its last line edited: give a head
    /// that was kept elsewhere, of whatever age.
    public static func verify(path: String, expected: AuditHead? = nil) throws(AuditError) -> AuditReport {
        verify(try contents(path), expected: expected)
    }

    /// The entries, up to the first line that is not sound.
    public static func entries(path: String) throws(AuditError) -> [AuditEntry] {
        var chain = AuditChain()
        var entries: [AuditEntry] = []
        for line in split(try contents(path)).lines {
            guard case .entry(let entry) = chain.take(Array(line)) else { break }
            entries.append(entry)
        }
        return entries
    }

    static func verify(_ bytes: [UInt8], expected: AuditHead? = nil) -> AuditReport {
        let (lines, torn) = split(bytes)
        var chain = AuditChain(expected: expected)
        for (index, line) in lines.enumerated() {
            if case .problem(var problem) = chain.take(Array(line)) {
                refine(&problem, after: chain.head, lines[index...])
                return AuditReport(head: chain.head, problem: problem, tornBytes: torn)
            }
        }
        return AuditReport(head: chain.head, problem: chain.end(), tornBytes: torn)
    }

    /// A line that is missing here but stands further down was moved, not removed.
    private static func refine(_ problem: inout AuditProblem, after head: AuditHead, _ rest: ArraySlice<ArraySlice<UInt8>>) {
        guard problem.kind == .removed else { return }
        let due = head.sequence + 1
        guard let place = rest.firstIndex(where: { AuditEntry.parse(Array($0))?.sequence == due }) else { return }
        problem.kind = .reordered
        problem.description = "Line \(problem.line) stands where number \(due) belongs, which is on line \(place + 1)."
    }

    /// The whole lines, and the length of what follows the last line break.
    static func split(_ bytes: [UInt8]) -> (lines: [ArraySlice<UInt8>], torn: Int) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let torn = lines.popLast()?.count ?? 0
        return (lines, torn)
    }

    static func contents(_ path: String) throws(AuditError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            throw AuditError(
                .unreadable,
                isFolder.boolValue
                    ? "\(path) is a folder; name the audit log in it."
                    : exists ? "The audit log \(path) can't be read: check its permissions." : "There is no audit log \(path).")
        }
    }
}
