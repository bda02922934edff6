internal import Outbound
internal import Synchronization

/// Whether a side still answers. When calls fail one after another and none succeeds between, the side is taken for gone: what is left
/// of the run then fails at once instead of waiting out a thousand timeouts.
final class SideHealth: Sendable {
    private struct State {
        var failuresInARow = 0
        var hasAnswered = false
        var gone: String?
    }

    private let state = Mutex(State())
    private let failuresMax: Int

    init(failuresMax: Int = 20) { self.failuresMax = failuresMax }

    /// The sentence of the failure that was one too many.
    var gone: String? { state.withLock { $0.gone } }

    func succeeded() {
        state.withLock { state in
            state.failuresInARow = 0
            state.hasAnswered = true
        }
    }

    func failed(_ error: OutboundError) {
        state.withLock { state in
            state.failuresInARow += 1
            // Where nobody listens, asking again does not help; other failures may be of a single row. A side that has never answered
            // gets no benefit of the doubt.
            let isHopeless = error.code == .refused || error.code == .unresolvable || error.code == .tls
            let most = isHopeless ? (state.hasAnswered ? 2 : 1) : (state.hasAnswered ? failuresMax : 2)
            if state.failuresInARow >= most, state.gone == nil {
                state.gone = error.sentence
            }
        }
    }
}
