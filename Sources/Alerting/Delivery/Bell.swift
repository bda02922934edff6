import Synchronization

/// Wakes one waiting task; a ring while nobody waits is kept.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.isRung = true }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Until the next ring, or that long.
    func wait(atMostMicroseconds: Int64) async {
        let timer = Task { [self] in
            try? await Task.sleep(for: .microseconds(max(1_000, atMostMicroseconds)))
            if !Task.isCancelled { ring() }
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiting = continuation
                    return false
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
