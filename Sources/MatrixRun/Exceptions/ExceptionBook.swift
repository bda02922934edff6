internal import Synchronization

/// The signed exceptions of a run, with how often each was used.
public final class ExceptionBook: QuirkExcusing {
    public let exceptions: [SignedException]
    private let today: String
    private let hits: Mutex<[Int]>

    /// - Parameter today: `2026-11-24`.
    public init(_ exceptions: [SignedException], today: String) {
        self.exceptions = exceptions
        self.today = today
        hits = Mutex([Int](repeating: 0, count: exceptions.count))
    }

    /// Every departure of the legacy, and every broken invariant of it, must be covered.
    public func excuse(_ findings: RowFindings, dimensions: [(dimension: String, value: String)]) -> Excuse {
        var used: Set<Int> = []
        var refused: String?
        func isCovered(_ covers: (SignedException) -> Bool) -> Bool {
            for (index, exception) in exceptions.enumerated() where exception.holds(dimensions) && covers(exception) {
                if exception.expires < today {
                    refused = "The exception for \(exception.path) of \(exception.operation) expired on \(exception.expires)."
                } else if hits.withLock({ $0[index] }) >= exception.hitsMax {
                    refused =
                        "The exception for \(exception.path) of \(exception.operation) is used up: it excuses \(exception.hitsMax) "
                        + "\(exception.hitsMax == 1 ? "row" : "rows")."
                } else {
                    used.insert(index)
                    return true
                }
            }
            return false
        }
        let covered =
            findings.legacy.allSatisfy { finding in isCovered { $0.covers(finding) } }
            && findings.unexplained.allSatisfy { finding in isCovered { $0.covers(finding) } }
            && findings.legacyViolations.allSatisfy { violation in isCovered { $0.covers(violation) } }
        guard covered, !used.isEmpty else { return .not(refused) }
        hits.withLock { hits in for index in used { hits[index] += 1 } }
        return .excused(used.sorted().map { exceptions[$0].signature }.joined(separator: "; "))
    }

    public var remarks: [String] {
        let hits = hits.withLock { $0 }
        return zip(exceptions, hits).map { exception, hits in
            let state = exception.expires < today ? ", expired on \(exception.expires)" : ""
            return "Exception for \(exception.path) of \(exception.operation) (\(exception.owner)): "
                + "\(hits) of at most \(exception.hitsMax) rows excused\(state)."
        }
    }
}
