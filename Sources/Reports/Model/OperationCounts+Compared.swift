public import Verdicts

extension OperationCounts {
    /// Both answers were there and held against each other.
    public var compared: Int { self[.match] + self[.tolerated] + self[.mismatch] }
}
