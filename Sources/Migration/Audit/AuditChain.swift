/// What is wrong with a log that was not left as it was written.
public struct AuditProblem: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A line is not what it was when the next one was written, or is no entry.
        case edited
        /// A line stands between two that follow one another, or stands there again.
        case inserted
        /// A line stands where another belongs that comes later.
        case reordered
        /// Lines in between are missing.
        case removed
        /// The log ends before a head that was kept elsewhere.
        case cut
        /// A line has another digest than the head that was kept elsewhere: it, or one before it, was written anew.
        case rewritten
        /// A line of a form that this program does not know.
        case newer
    }

    public var kind: Kind
    /// From 1.
    public var line: Int
    /// One sentence.
    public var description: String
}

/// Follows the chain line by line. Pure: bytes in, what is wrong with them out.
struct AuditChain {
    private(set) var head = AuditHead.empty
    /// Of the line before the last one.
    private var digestBefore: String?
    private(set) var lines = 0
    /// A head kept elsewhere.
    private let expected: AuditHead?

    init(expected: AuditHead? = nil) { self.expected = expected }

    enum Step {
        case entry(AuditEntry)
        case problem(AuditProblem)
    }

    mutating func take(_ bytes: [UInt8]) -> Step {
        lines += 1
        let line = lines
        guard let entry = AuditEntry.parse(bytes) else {
            return .problem(AuditProblem(kind: .edited, line: line, description: "Line \(line) is no audit entry."))
        }
        if entry.schema > AuditEntry.schema {
            return .problem(
                AuditProblem(
                    kind: .newer, line: line,
                    description: "Line \(line) has schema \(entry.schema), and this program knows \(AuditEntry.schema)."))
        }
        if let problem = problem(with: entry, line) { return .problem(problem) }
        let digest = AuditEntry.digest(bytes)
        if let expected, expected.sequence == entry.sequence, expected.digest != digest {
            return .problem(
                AuditProblem(
                    kind: .rewritten, line: line,
                    description:
                        "Line \(line) is not the one whose digest was kept elsewhere: it, or one before it, was written anew."))
        }
        digestBefore = head.digest
        head = AuditHead(sequence: entry.sequence, digest: digest)
        return .entry(entry)
    }

    private func problem(with entry: AuditEntry, _ line: Int) -> AuditProblem? {
        let due = head.sequence + 1
        if entry.sequence != due, entry.previous == head.digest {
            return AuditProblem(
                kind: .edited, line: line,
                description:
                    "Line \(line) follows the line before it, but has the number \(entry.sequence) instead of \(due): it was edited."
            )
        }
        if entry.sequence > due {
            return AuditProblem(
                kind: .removed, line: line,
                description: "Line \(line) has the number \(entry.sequence) where \(due) is due: lines before it are missing.")
        }
        if entry.sequence < due {
            let isAgain = entry.previous != digestBefore
            return AuditProblem(
                kind: .inserted, line: isAgain ? line : line - 1,
                description: isAgain
                    ? "Line \(line) has the number \(entry.sequence), which is past: it was put there."
                    : "Line \(line) follows line \(line - 2): line \(line - 1) was put between them.")
        }
        if entry.previous != head.digest {
            let edited = max(line - 1, 1)
            return AuditProblem(
                kind: .edited, line: edited,
                description: line == 1
                    ? "Line 1 does not begin a log: it was edited, or all before it was removed."
                    : "Line \(edited) is not what it was when line \(line) was written: one of the two was edited.")
        }
        return nil
    }

    /// After the last line: whether the log reaches as far as the head that was kept elsewhere.
    func end() -> AuditProblem? {
        guard let expected, head.sequence < expected.sequence else { return nil }
        return AuditProblem(
            kind: .cut, line: lines,
            description: "The log ends after \(head.sequence) lines, but had \(expected.sequence) once: the rest was cut off.")
    }
}
