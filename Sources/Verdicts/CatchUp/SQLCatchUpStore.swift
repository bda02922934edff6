internal import GRDB
internal import Synchronization

/// The bounds of the catch-up queue.
public struct CatchUpLimits: Sendable {
    public var writesMax = 100_000
    public var bytesMax = 256 * 1_024 * 1_024
    /// What may wait in memory for the disk; beyond it writes are refused.
    public var waitingMax = 32_768
    public var waitingBytesMax = 16 * 1_024 * 1_024

    public init() {}
}

/// The catch-up queue and the keys' standings in the state database. Calls are carried out in their order on a thread of their own;
/// those that wait share one transaction, and their completions run after it is committed.
public final class SQLCatchUpStore: CatchUpStore {
    fileprivate enum Call: Sendable {
        case append(@Sendable () -> MissedWrite, @Sendable (Result<Int64, any Error>) -> Void)
        case next(key: String, Side, @Sendable (Result<MissedWrite?, any Error>) -> Void)
        case attempt(id: Int64, cause: String)
        case remove(id: Int64, @Sendable (Result<Void, any Error>) -> Void)
        case standing(KeyStanding, key: String, cause: String, side: Side)
        case load(@Sendable (Result<CatchUpState, any Error>) -> Void)

        var isAppend: Bool { if case .append = self { true } else { false } }
    }

    private let thread: SerialThread<Call>
    private let limits: CatchUpLimits
    private let waiting = Atomic<Int>(0)
    private let waitingBytes = Atomic<Int>(0)

    public init(database: StateDatabase, limits: CatchUpLimits = CatchUpLimits()) throws(StateError) {
        let fill = try database.reading { db in try CatchUpTable.fill(in: db) }
        let keeper = CatchUpKeeper(database: database, limits: limits, fill: fill)
        self.limits = limits
        thread = SerialThread(name: "catch-up") { keeper.carryOut($0) }
    }

    public func append(
        bytes: Int, _ make: @escaping @Sendable () -> MissedWrite,
        completion: @escaping @Sendable (Result<Int64, any Error>) -> Void
    ) {
        let count = waiting.add(1, ordering: .relaxed).newValue
        let size = waitingBytes.add(bytes, ordering: .relaxed).newValue
        let answer: @Sendable (Result<Int64, any Error>) -> Void = { [self] result in
            waiting.subtract(1, ordering: .relaxed)
            waitingBytes.subtract(bytes, ordering: .relaxed)
            completion(result)
        }
        // One alone may be larger than the bound.
        guard count <= limits.waitingMax, size <= limits.waitingBytesMax || count == 1 else {
            let full = "The disk is too slow: \(count - 1) missed writes wait for it (\(size - bytes) bytes)."
            return answer(.failure(StateError(.full, full)))
        }
        if !thread.enqueue(.append(make, answer)) { answer(.failure(Self.closed)) }
    }

    public func next(key: String, side: Side, completion: @escaping @Sendable (Result<MissedWrite?, any Error>) -> Void) {
        if !thread.enqueue(.next(key: key, side, completion)) { completion(.failure(Self.closed)) }
    }

    public func recordAttempt(id: Int64, cause: String) { _ = thread.enqueue(.attempt(id: id, cause: cause)) }

    public func remove(id: Int64, completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        if !thread.enqueue(.remove(id: id, completion)) { completion(.failure(Self.closed)) }
    }

    public func setStanding(_ standing: KeyStanding, key: String, cause: String, side: Side) {
        _ = thread.enqueue(.standing(standing, key: key, cause: cause, side: side))
    }

    public func load(completion: @escaping @Sendable (Result<CatchUpState, any Error>) -> Void) {
        if !thread.enqueue(.load(completion)) { completion(.failure(Self.closed)) }
    }

    /// Carries out what waits, ends the thread and waits for its end.
    public func close() { thread.close() }

    private static let closed = StateError(.closed, "The catch-up queue is closed.")
}

/// What the thread does. `@unchecked Sendable`: `fill` and `unsaved` are touched by that thread only.
private final class CatchUpKeeper: @unchecked Sendable {
    private let database: StateDatabase
    private let limits: CatchUpLimits
    private var fill: CatchUpTable.Fill
    /// Standings and attempts have no completion to fail: what the disk refused is written with the next calls.
    private var unsaved: [SQLCatchUpStore.Call] = []

    init(database: StateDatabase, limits: CatchUpLimits, fill: CatchUpTable.Fill) {
        self.database = database
        self.limits = limits
        self.fill = fill
    }

    func carryOut(_ calls: [SQLCatchUpStore.Call]) {
        // In pieces: each is answered, and its memory free, before the next begins.
        var start = 0
        repeat {
            let end = min(start + Self.callsPerTransaction, calls.count)
            transact(unsaved + calls[start..<end])
            start = end
        } while start < calls.count
        // A shadow is in trouble with many keys: those that come meanwhile share a transaction. A key alone, whose next write comes only
        // once this one is on disk, need not wait.
        if calls.count >= Self.gatheredFrom, calls.allSatisfy(\.isAppend) { Background.gather() }
    }

    private func transact(_ calls: [SQLCatchUpStore.Call]) {
        var answers: [@Sendable () -> Void] = []
        var filled = fill
        do {
            do {
                try database.connections.write { db in
                    let background = Background()
                    for call in calls {
                        background.giveWay()
                        if let answer = try perform(call, &filled, in: db) { answers.append(answer) }
                    }
                }
            } catch  where !Self.isOfTheDisk(error) {
                // One of them is at fault: once more, each for itself.
                answers = []
                filled = fill
                try database.connections.write { db in answers = try performEach(calls, &filled, in: db) }
            }
            fill = filled
            unsaved = []
        } catch {
            unsaved = calls.filter { Self.isSilent($0) }.suffix(limits.writesMax)
            answers = calls.compactMap { Self.failure(of: $0, StateDatabase.stateError(error, path: database.path)) }
        }
        for answer in answers { answer() }
    }

    private func performEach(
        _ calls: [SQLCatchUpStore.Call], _ filled: inout CatchUpTable.Fill, in db: Database
    ) throws -> [@Sendable () -> Void] {
        var answers: [@Sendable () -> Void] = []
        for call in calls {
            var answer: (@Sendable () -> Void)?
            let before = filled
            do {
                try db.inSavepoint {
                    answer = try perform(call, &filled, in: db)
                    return .commit
                }
            } catch {
                filled = before
                if Self.isOfTheDisk(error) { throw error }
                answer = Self.failure(of: call, error)
            }
            if let answer { answers.append(answer) }
        }
        return answers
    }

    /// A refusal of the disk is everyone's; any other is one call's alone.
    private static func isOfTheDisk(_ error: any Error) -> Bool { StateDatabase.isPassing(error) && !(error is StateError) }

    private static let callsPerTransaction = 512
    private static let gatheredFrom = 3

    private func perform(
        _ call: SQLCatchUpStore.Call, _ fill: inout CatchUpTable.Fill, in db: Database
    ) throws -> (@Sendable () -> Void)? {
        switch call {
        case .append(let make, let completion):
            let write = make()
            let bytes = CatchUpTable.bytes(of: write)
            guard fill.writes < limits.writesMax, fill.bytes + bytes <= limits.bytesMax else {
                let full = StateError(.full, "The catch-up queue is full (\(fill.writes) writes, \(fill.bytes) bytes).")
                return { completion(.failure(full)) }
            }
            let id = try CatchUpTable.insert(write, bytes: bytes, in: db)
            fill.writes += 1
            fill.bytes += bytes
            return { completion(.success(id)) }
        case .next(let key, let side, let completion):
            let write = try CatchUpTable.oldest(key: key, side: side, in: db)
            return { completion(.success(write)) }
        case .attempt(let id, let cause):
            try CatchUpTable.recordAttempt(id: id, cause: cause, in: db)
            return nil
        case .remove(let id, let completion):
            if let bytes = try CatchUpTable.delete(id: id, in: db) {
                fill.writes -= 1
                fill.bytes -= bytes
            }
            return { completion(.success(())) }
        case .standing(let standing, let key, let cause, let side):
            try KeyStandings.store(standing, key: key, cause: cause, side: side, in: db)
            return nil
        case .load(let completion):
            let state = try CatchUpTable.state(in: db)
            return { completion(.success(state)) }
        }
    }

    private static func isSilent(_ call: SQLCatchUpStore.Call) -> Bool {
        switch call {
        case .attempt, .standing: true
        default: false
        }
    }

    private static func failure(of call: SQLCatchUpStore.Call, _ error: any Error) -> (@Sendable () -> Void)? {
        switch call {
        case .append(_, let completion): { completion(.failure(error)) }
        case .next(_, _, let completion): { completion(.failure(error)) }
        case .remove(_, let completion): { completion(.failure(error)) }
        case .load(let completion): { completion(.failure(error)) }
        case .attempt, .standing: nil
        }
    }
}
