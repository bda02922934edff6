public import GRDB

/// Hears of evidence as it is stored, in the same transaction: what it writes there stands or falls with the evidence.
public protocol EvidenceObserver: Sendable {
    /// Runs on the writer's thread. Throwing rolls the evidence back as well.
    ///
    /// - Parameter batch: redacted, in the order in which it was offered; none that was stored before.
    func observe(_ batch: [Evidence], in db: Database) throws
    /// The transaction is committed.
    func committed()
}

/// Tells whoever ships evidence that there is some, once it is stored.
public struct EvidenceBell: EvidenceObserver {
    private let ring: @Sendable () -> Void

    public init(_ ring: @escaping @Sendable () -> Void) { self.ring = ring }

    public func observe(_ batch: [Evidence], in db: Database) throws {}

    public func committed() { ring() }
}
