/// What became of one request. Exactly one verdict for each, so that
/// `received = sum of verdicts + in flight + awaiting comparison` holds at any moment.
public enum Verdict: Int, Sendable, Codable, CaseIterable {
    /// Both answers say the same.
    case match = 0
    /// They differ only where a rule forgives it.
    case tolerated = 1
    case mismatch = 2
    /// The shadow refused the connection, reset it, or sent no HTTP.
    case shadowError = 3
    case shadowTimeout = 4
    /// The primary failed, so there is nothing to compare with; the caller got 502 or 504, or what came of its answer.
    case primaryError = 5
    /// Not sent to the shadow (or its answer dropped), because a bound was reached.
    case shed = 6
    /// A body was beyond the limit and went on unheld.
    case oversize = 7
    /// Both may have answered, but the comparison would prove nothing: the cause is named (behind, uncertain, unverified …).
    case notComparable = 8
    /// The operation is declared `never`, or is unknown: the primary alone saw it.
    case never = 9
    /// A read left out by the operation's sampling rate.
    case unsampled = 10
    /// Under way when the process ended uncleanly; counted at the next start.
    case interrupted = 11

    /// The name used in metrics, reports and documents.
    public var name: String {
        switch self {
        case .match: "match"
        case .tolerated: "tolerated"
        case .mismatch: "mismatch"
        case .shadowError: "shadow-error"
        case .shadowTimeout: "shadow-timeout"
        case .primaryError: "primary-error"
        case .shed: "shed"
        case .oversize: "oversize"
        case .notComparable: "not-comparable"
        case .never: "never"
        case .unsampled: "unsampled"
        case .interrupted: "interrupted"
        }
    }
}
