internal import Synchronization

/// Stops a run between chunks: what is under way is finished and judged, the rest is not run.
public final class RunControl: Sendable {
    private let stopping = Atomic<Bool>(false)

    public init() {}

    public func stop() { stopping.store(true, ordering: .relaxed) }
    public var isStopping: Bool { stopping.load(ordering: .relaxed) }
}

/// How far a run is.
public struct RunProgress: Sendable, Hashable {
    public var phase: String
    public var done: Int
    public var planned: Int
    public var failing: Int
    public var elapsedMs: Int

    public var rowsPerSecond: Int { elapsedMs > 0 ? done * 1_000 / elapsedMs : 0 }
    /// Nil until there is something to go by.
    public var secondsLeft: Int? { done > 0 && elapsedMs > 0 ? (planned - done) * elapsedMs / done / 1_000 : nil }
}
