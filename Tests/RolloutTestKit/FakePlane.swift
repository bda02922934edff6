public import Migration
public import RolloutControl
import Synchronization

/// A traffic plane without traffic: it takes down what it is told, and tells what a test puts there.
public final class FakePlane: TrafficPlane {
    public struct State: Sendable {
        public var tables: [PlacementTable] = []
        public var isRetired = false
        /// What was done, in its order: `place staff 10/90`, `return`, `retire`.
        public var calls: [String] = []
        public var findings = TrafficFindings()
        public var basis = EvidenceBasis(candidateBuild: "b1", rules: "r1")
        public var keys: [WrittenKey] = []
        public var unpublished: [String] = []
        public var noted: [String] = []
        public var standing = HandOverStanding()
        public var returnFails = false
        /// Heard with each table, before ``FakePlane/place(_:)`` returns.
        public var placing: (@Sendable (PlacementTable) async -> Void)?
    }

    private let state = Mutex(State())
    public let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    public init() { (bell, ringer) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    public var seen: State { state.withLock { $0 } }
    public var table: PlacementTable? { state.withLock { $0.tables.last } }
    /// The last audience's share, in thousandths of a per cent, or 0 when killed.
    public var share: Int { table.map { $0.isKilled ? 0 : $0.shares.reduce(0) { $0 + $1.thousandths } } ?? 0 }
    public var isKilled: Bool { table?.isKilled ?? false }

    public func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    public func add(_ outcomes: [TrafficOutcome]) {
        state.withLock { $0.findings.outcomes += outcomes }
        ringer.yield()
    }

    /// So many matches of each operation, each of a key of its own.
    public func addMatches(_ count: Int, operations: [String] = ["payout"], from first: Int = 0, isOfMovers: Bool = true) {
        add(
            operations.flatMap { operation in
                (first..<first + count).map { number in
                    TrafficOutcome(
                        operation: operation, key: KeyMark(value: UInt64(number)), isOfMovers: isOfMovers, legacyFailed: false,
                        comparison: .match)
                }
            })
    }

    public func addFailures(_ count: Int) {
        add(
            (0..<count).map { number in
                TrafficOutcome(
                    operation: "payout", key: KeyMark(value: UInt64(number)), candidateFailed: true, legacyFailed: false)
            })
    }

    public func addMismatch(at places: [String] = ["$.note"], key: UInt64 = 1) {
        add([
            TrafficOutcome(
                operation: "payout", key: KeyMark(value: key), legacyFailed: false, comparison: .mismatch(places: places))
        ])
    }

    // MARK: TrafficPlane

    public func place(_ table: PlacementTable) async {
        let heard = state.withLock { state in
            state.tables.append(table)
            state.calls.append("place \(table.isKilled ? "killed" : table.shares.map(\.description).joined(separator: " "))")
            return state.placing
        }
        await heard?(table)
    }

    public func returnWrittenKeys() async throws {
        try state.withLock { state in
            if state.returnFails { throw FakeTrouble() }
            state.calls.append("return")
            state.keys = []
            state.unpublished = []
            state.noted = []
        }
    }

    public func retire() async {
        state.withLock { state in
            state.isRetired = true
            state.calls.append("retire")
        }
    }

    public func collect() async -> TrafficFindings {
        state.withLock { state in
            let found = state.findings
            state.findings.outcomes = []
            return found
        }
    }

    public func basis() async -> EvidenceBasis { state.withLock { $0.basis } }
    public func standing() async -> HandOverStanding { state.withLock { $0.standing } }
    public func writtenKeys() async throws -> [WrittenKey] { state.withLock { $0.keys } }

    public func unpublishedKeys(limit: Int) async throws -> [String] { state.withLock { Array($0.unpublished.prefix(limit)) } }

    public func published(_ keys: [String]) async throws {
        state.withLock { state in state.unpublished.removeAll { keys.contains($0) } }
    }

    public func note(_ keys: [String]) async throws { state.withLock { $0.noted += keys } }
}

public struct FakeTrouble: Error {
    public init() {}
}
