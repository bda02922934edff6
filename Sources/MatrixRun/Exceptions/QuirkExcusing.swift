/// Says whether a legacy quirk is one that somebody signed for. A seam like ``RowComparing``.
public protocol QuirkExcusing: Sendable {
    /// Asked for rows of the class legacy quirk alone.
    func excuse(_ findings: RowFindings, dimensions: [(dimension: String, value: String)]) -> Excuse
    /// A sentence for each exception, with its hits, for the record.
    var remarks: [String] { get }
}

public enum Excuse: Sendable, Hashable {
    /// Reason, owner and expiry.
    case excused(String)
    /// Why an exception that would fit does not hold any more; nil when none fits.
    case not(String?)
}

/// Nothing is excused.
public struct NoExceptions: QuirkExcusing {
    public init() {}

    public func excuse(_ findings: RowFindings, dimensions: [(dimension: String, value: String)]) -> Excuse { .not(nil) }
    public var remarks: [String] { [] }
}
