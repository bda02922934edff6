public import Comparison

/// What kind of trouble a piece of evidence shows.
public enum Trouble: String, Sendable, Codable, CaseIterable {
    case mismatch
    case shadowError = "shadow-error"
    case shadowTimeout = "shadow-timeout"
    /// A write that the shadow missed could not be made to go through: the two sides' books now differ.
    case diverged
    /// The primary failed: kept as evidence, no matter of the comparison.
    case other
}

extension Evidence {
    public var trouble: Trouble {
        switch verdict {
        case .mismatch: .mismatch
        // A late try that was given up has no answer to show.
        case .shadowError, .shadowTimeout, .notComparable:
            caughtUp && shadow == nil
                ? .diverged : verdict == .shadowError ? .shadowError : verdict == .shadowTimeout ? .shadowTimeout : .other
        default: .other
        }
    }

    /// The name of the incident it belongs to: operation, generic paths and kinds for a mismatch; operation and trouble for the
    /// rest. No value takes part.
    public var fingerprint: String {
        if trouble == .mismatch || persistence == .noise { return Fingerprint.of(operation: operation, differences: differences) }
        let mark = Difference(path: trouble.rawValue, genericPath: trouble.rawValue, kind: .status, primary: nil, shadow: nil)
        return Fingerprint.of(operation: operation, differences: [mark])
    }

    /// The gravest of the differences that no rule forgives; `major` when there is none to look at.
    public var severity: Severity {
        if trouble == .diverged { return .critical }
        return differences.lazy.filter { !$0.tolerated }.map(\.severity).max() ?? .major
    }
}
