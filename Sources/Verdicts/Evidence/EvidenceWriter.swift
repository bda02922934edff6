internal import Comparison
internal import DequeModule
internal import Foundation
internal import GRDB
internal import Synchronization

/// The bounds of the evidence writer.
public struct EvidenceLimits: Sendable {
    /// Evidence that waits for the disk; what comes beyond is dropped and counted.
    public var waitingMax = 4_096
    public var waitingBytesMax = 16 * 1_024 * 1_024
    /// Evidence of one transaction.
    public var batchMax = 128
    /// Rows kept; the oldest go first, but the first of each fingerprint stays.
    public var rowsMax = 100_000
    public var daysMax = 30
    /// How long after a refusal of the disk the same batch is tried again.
    public var retryMs = 1_000

    public init() {}
}

/// What the writer did since it was made.
public struct EvidenceCounts: Sendable, Hashable {
    public var offered = 0
    public var stored = 0
    /// The ring was full, or the writer closed.
    public var dropped = 0
    /// Refused by the database for what it is (not for the state of the disk); dropped too.
    public var rejected = 0
    /// Transactions that the disk refused and that were tried again.
    public var retries = 0
    public var waiting = 0
    /// The last refusal, while it lasts.
    public var trouble: String?
}

/// Takes evidence from the lanes and stores it on a thread of its own: redacted, in batches, in one transaction with what the
/// observers make of it. A full disk or a locked database is counted and waited for; a lane never is made to wait.
///
/// `@unchecked Sendable`: `ring` and `storedSinceTrim` are the thread's own; what else is mutable is atomic or guarded by `condition`,
/// which no lane ever takes.
public final class EvidenceWriter: EvidenceSink, @unchecked Sendable {
    private struct Waiting {
        var make: @Sendable () -> Evidence
        var bytes: Int
    }

    private struct FlushWaiter {
        var sequence: Int
        var deadline: Date
        var continuation: CheckedContinuation<Bool, Never>
    }

    private let database: StateDatabase
    private let redaction: Redaction
    private let observers: [any EvidenceObserver]
    private let limits: EvidenceLimits
    private let clock: WallClock
    private let ended = DispatchSemaphore(value: 0)

    private let box = Mailbox<Waiting>()
    /// What the thread took out of the box and has yet to store.
    private var ring = Deque<Waiting>()
    private var storedSinceTrim = 0
    // What waits, in the box and in the ring.
    private let waiting = Atomic<Int>(0)
    private let waitingBytes = Atomic<Int>(0)
    private let offered = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    /// Evidence taken in so far; with `done`, that which is through for good: how `flush` knows.
    private let taken = Atomic<Int>(0)

    private let condition = NSCondition()
    private var counts = EvidenceCounts()
    private var done = 0
    private var flushes: [FlushWaiter] = []
    private var closing = false

    /// - Parameter clock: for the age of evidence.
    public init(
        database: StateDatabase, redaction: Redaction = Redaction(), observers: [any EvidenceObserver] = [],
        limits: EvidenceLimits = EvidenceLimits(),
        clock: WallClock = .system
    ) {
        self.database = database
        self.redaction = redaction
        self.observers = observers
        self.limits = limits
        self.clock = clock
        storedSinceTrim = Self.trimEvery
        Thread { [self] in run() }.start()
    }

    @discardableResult
    public func offer(bytes: Int, _ make: @escaping @Sendable () -> Evidence) -> Bool {
        offered.add(1, ordering: .relaxed)
        let count = waiting.add(1, ordering: .relaxed).newValue
        let size = waitingBytes.add(bytes, ordering: .relaxed).newValue
        if count <= limits.waitingMax, size <= limits.waitingBytesMax || count == 1 {
            taken.add(1, ordering: .relaxed)
            if box.hand(over: Waiting(make: make, bytes: bytes)) { return true }
            taken.subtract(1, ordering: .relaxed)
        }
        waiting.subtract(1, ordering: .relaxed)
        waitingBytes.subtract(bytes, ordering: .relaxed)
        refused.add(1, ordering: .relaxed)
        return false
    }

    public func snapshot() -> EvidenceCounts {
        condition.withLock {
            var counts = counts
            counts.offered = offered.load(ordering: .relaxed)
            counts.dropped += refused.load(ordering: .relaxed)
            counts.waiting = taken.load(ordering: .relaxed) - done
            return counts
        }
    }

    /// Returns when everything offered before is stored: true; or false, when the disk did not take it in time.
    public func flush(withinMs: Int = 5_000) async -> Bool {
        await withCheckedContinuation { continuation in
            condition.withLock {
                let taken = taken.load(ordering: .relaxed)
                guard done < taken else { return continuation.resume(returning: true) }
                let deadline = Date(timeIntervalSinceNow: Double(withinMs) / 1_000)
                flushes.append(FlushWaiter(sequence: taken, deadline: deadline, continuation: continuation))
                condition.signal()
            }
        }
    }

    /// Stores what waits as far as the disk takes it now, ends the thread and waits for its end. What could not be stored is counted as
    /// dropped. For a graceful stop, `flush` first.
    public func close() {
        condition.withLock {
            closing = true
            condition.broadcast()
        }
        box.close()
        ended.wait()
        ended.signal()
    }

    // MARK: The writer's thread

    private func run() {
        Background.enter(as: "evidence")
        while let batch = nextBatch() {
            let started = ContinuousClock.now
            let background = Background()
            store(
                batch.map { waiting in
                    background.giveWay()
                    return redaction.applied(to: waiting.make())
                })
            finish(batch)
            // Thousands of mismatches a second are one mismatch too often told: what the pause makes the ring drop is counted.
            if batch.count == limits.batchMax { Background.pause(after: started.duration(to: .now)) }
        }
        condition.withLock { answerFlushes(force: true) }
        ended.signal()
    }

    /// Waits for evidence; nil when the writer is closed and nothing waits.
    private func nextBatch() -> [Waiting]? {
        if ring.isEmpty {
            guard let letters = box.take() else { return nil }
            ring.append(contentsOf: letters)
        }
        let batch = Array(ring.prefix(limits.batchMax))
        ring.removeFirst(batch.count)
        // Out of the bounds' sight: one batch is all that is held beyond them.
        waiting.subtract(batch.count, ordering: .relaxed)
        waitingBytes.subtract(batch.reduce(0) { $0 + $1.bytes }, ordering: .relaxed)
        return batch
    }

    /// Stores a batch, waiting for the disk if need be. A batch that is refused for what it is goes in one by one, so that one bad
    /// piece of evidence takes no other with it.
    private func store(_ batch: [Evidence]) {
        while true {
            do {
                try transaction(batch)
                for observer in observers { observer.committed() }
                return
            } catch  where StateDatabase.isPassing(error) {
                guard waitForDisk(StateDatabase.reason(error)) else {
                    condition.withLock { counts.dropped += batch.count }
                    return
                }
            } catch {
                guard batch.count > 1 else {
                    condition.withLock {
                        counts.rejected += 1
                        counts.trouble = StateDatabase.reason(error)
                    }
                    return
                }
                for evidence in batch { store([evidence]) }
                return
            }
        }
    }

    private func transaction(_ batch: [Evidence]) throws {
        let trims = storedSinceTrim >= Self.trimEvery
        let stored = try database.connections.write { db in
            var fresh: [Evidence] = []
            let background = Background()
            for evidence in batch {
                background.giveWay()
                if try EvidenceTable.insert(evidence, in: db) { fresh.append(evidence) }
            }
            for observer in observers { try observer.observe(fresh, in: db) }
            if trims {
                let oldest = clock.microseconds() - Int64(limits.daysMax) * 86_400_000_000
                try EvidenceTable.trim(rowsMax: limits.rowsMax, olderThan: oldest, batch: 2 * Self.trimEvery, in: db)
            }
            return fresh.count
        }
        storedSinceTrim = trims ? 0 : storedSinceTrim + stored
        condition.withLock {
            counts.stored += stored
            counts.trouble = nil
        }
    }

    /// Waits until the next try; false when the writer is closing and shall give up.
    private func waitForDisk(_ reason: String) -> Bool {
        condition.withLock {
            counts.retries += 1
            counts.trouble = reason
            let retry = Date(timeIntervalSinceNow: Double(limits.retryMs) / 1_000)
            while !closing {
                answerFlushes(force: false)
                let wake = flushes.map(\.deadline).min().map { min($0, retry) } ?? retry
                if Date() >= retry { break }
                _ = condition.wait(until: wake)
            }
            return !closing
        }
    }

    private func finish(_ batch: [Waiting]) {
        condition.withLock {
            done += batch.count
            answerFlushes(force: false)
        }
    }

    /// Answers those whose evidence is through or whose time is up. Called with the lock held.
    private func answerFlushes(force: Bool) {
        let now = Date()
        flushes.removeAll { waiter in
            let through = done >= waiter.sequence && counts.trouble == nil
            guard force || done >= waiter.sequence || waiter.deadline <= now else { return false }
            waiter.continuation.resume(returning: through)
            return true
        }
    }

    private static let trimEvery = 1_000
}
