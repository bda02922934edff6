import Synchronization

/// Previews in the process's memory, bounded.
///
/// An account has one kept preview, that of the date asked last: dates only ever move on. Two generations of entries make
/// the bound: when the young one is full it becomes the old one, and the old one goes; a hit in the old one moves to the young.
final class MemoryPreviewCache: PreviewCache {
    /// What happened so far; read by tests and metrics.
    struct Counts: Sendable, Hashable {
        var hits = 0
        var computations = 0
        var joined = 0
        var dropped = 0
    }

    private struct Entry {
        var day: Day
        var version: Int64
        var reply: Reply
    }

    private struct Flight {
        var number: UInt64
        var task: Task<CachedPreview, any Error>
    }

    private struct State {
        var young: [String: Entry] = [:]
        var old: [String: Entry] = [:]
        /// Computations under way. A drop removes them here, so that they can't put an older state back.
        var flights: [String: [Day: Flight]] = [:]
        var nextFlight: UInt64 = 0
        var counts = Counts()
    }

    private let state = Mutex(State())
    private let generationSize: Int

    /// - Parameter capacity: the most entries that are kept, at least 2.
    init(capacity: Int) { generationSize = max(1, capacity / 2) }

    var counts: Counts { state.withLock { $0.counts } }
    var entryCount: Int { state.withLock { $0.young.count + $0.old.count } }

    func preview(
        account: String, day: Day, compute: @escaping @Sendable () async throws -> CachedPreview
    ) async throws -> Reply {
        enum Found {
            case reply(Reply)
            case flight(Task<CachedPreview, any Error>)
        }
        let found: Found = state.withLock { state in
            if let entry = state.young[account] ?? state.old[account], entry.day == day {
                state.counts.hits += 1
                if state.young[account] == nil { keep(entry, of: account, in: &state) }
                return .reply(entry.reply)
            }
            if let flight = state.flights[account]?[day] {
                state.counts.joined += 1
                return .flight(flight.task)
            }
            state.counts.computations += 1
            state.nextFlight += 1
            let number = state.nextFlight
            // Not the first reader's own task: when that one is cancelled, the others still wait.
            let task = Task { try await self.land(account: account, day: day, number: number, compute: compute) }
            state.flights[account, default: [:]][day] = Flight(number: number, task: task)
            return .flight(task)
        }
        switch found {
        case .reply(let reply): return reply
        case .flight(let task): return try await task.value.reply
        }
    }

    private func land(
        account: String, day: Day, number: UInt64, compute: @Sendable () async throws -> CachedPreview
    ) async throws -> CachedPreview {
        let result: Result<CachedPreview, any Error>
        do { result = .success(try await compute()) } catch { result = .failure(error) }
        state.withLock { state in
            guard state.flights[account]?[day]?.number == number else { return }
            state.flights[account]?[day] = nil
            if state.flights[account]?.isEmpty == true { state.flights[account] = nil }
            guard case .success(let preview) = result, let version = preview.version else { return }
            if let kept = state.young[account] ?? state.old[account], kept.version > version { return }
            keep(Entry(day: day, version: version, reply: preview.reply), of: account, in: &state)
        }
        return try result.get()
    }

    private func keep(_ entry: Entry, of account: String, in state: inout State) {
        state.old[account] = nil
        if state.young[account] == nil, state.young.count >= generationSize {
            state.old = state.young
            state.young = [:]
        }
        state.young[account] = entry
    }

    func drop(accounts: [String]) {
        state.withLock { state in
            for account in accounts {
                let kept = state.young.removeValue(forKey: account) ?? state.old.removeValue(forKey: account)
                state.old[account] = nil
                state.flights[account] = nil
                if kept != nil { state.counts.dropped += 1 }
            }
        }
    }

    func dropAll() {
        state.withLock { state in
            state.counts.dropped += state.young.count + state.old.count
            state.young = [:]
            state.old = [:]
            state.flights = [:]
        }
    }
}
