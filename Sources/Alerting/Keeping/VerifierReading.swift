public import Verdicts

/// What one proxy has counted, for incidents to be resolved by it.
public struct VerifierReading: Sendable {
    /// Of the counts: `CountLedger.epoch`. Counts of another epoch begin anew.
    public var source: String
    /// Since the epoch began.
    public var operations: [OperationCounts]
    /// Evidence that was dropped or refused, since the process began: what disagreed then is not known.
    public var evidenceLost: Int
    /// Keys whose sides have diverged.
    public var keysDiverged: Int
    /// Keys of which nobody knows whether a write came through; nil: another keeper watches them.
    public var keysUnverified: Int?

    public init(
        source: String, operations: [OperationCounts], evidenceLost: Int = 0, keysDiverged: Int = 0, keysUnverified: Int? = 0
    ) {
        self.source = source
        self.operations = operations
        self.evidenceLost = evidenceLost
        self.keysDiverged = keysDiverged
        self.keysUnverified = keysUnverified
    }
}
