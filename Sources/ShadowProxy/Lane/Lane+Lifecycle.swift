import NIOCore
import Verdicts

/// Starting where an earlier run ended, and ending so that nothing is lost.
extension Lane {
    /// Takes over what is known of the keys that this lane owns; lane 0 also takes over the catch-up.
    func restore(_ state: CatchUpState, unverified: [String: String]) {
        for (name, behind) in state.behind where behind.writes > 0 {
            let key = RequestKey(name)
            if owner(of: key) === self {
                order.setSide(key, behind.side.other)
                for _ in 0..<behind.writes { tell(.behind(behind.side), of: key) }
            }
            if let drain { drain.appended(keys: [name], side: behind.side, writes: behind.writes) }
        }
        for (name, kept) in state.standings {
            let key = RequestKey(name)
            guard owner(of: key) === self else { continue }
            switch kept.standing {
            case .trusted: break
            case .unverified:
                setSideLeftBehind(key, kept.side)
                tell(.unverified(kept.cause), of: key)
            case .diverged:
                setSideLeftBehind(key, kept.side)
                tell(.diverged(kept.cause), of: key)
            }
        }
        for (name, cause) in unverified {
            let key = RequestKey(name)
            guard owner(of: key) === self else { continue }
            setSideLeftBehind(key, nil)
            tell(.unverified(cause), of: key)
        }
    }

    /// Unless it is known from the writes that are to be caught up.
    ///
    /// - Parameter kept: who answered it as its standing was kept.
    private func setSideLeftBehind(_ key: RequestKey, _ kept: Side?) {
        if order.find(key) == nil { order.setSide(key, kept ?? sideLeftBehind(key)) }
    }

    func stopAccepting() {
        isStopping = true
        drainEnd = .now() + .milliseconds(Int64(max(0, plan.plan.limits.drainMs)))
        listener?.close(promise: nil)
        listener = nil
        for handshake in Array(handshakes.values) { handshake.cancel() }
        for client in Array(clients.values) { client.closeWhenAnswered() }
    }

    /// Completes when nothing is under way any more and callers have what they are owed, or `drainMs` after the stop began.
    func drainUntilQuiet() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        stopped = promise
        checkStopped()
        if stopped != nil {
            loop.scheduleTask(deadline: drainEnd) { [self] in
                guard stopped != nil else { return }
                if !isCutOff { books.reached(.drain) }
                isCutOff = true
                cutOff()
            }
        }
        return promise.futureResult
    }

    /// The time is up: callers still waiting get 502, and what the shadow has not taken goes to disk.
    private func cutOff() {
        pool(.legacy).cutOff()
        pool(.candidate).cutOff()
        checkStopped()
        loop.scheduleTask(in: .seconds(1)) { [self] in
            guard let stopped else { return }
            self.stopped = nil
            stopped.succeed(())
        }
    }

    /// When its loop has ended: nothing of the lane is used any more.
    func dismantle() { forgetPools() }

    func shutDown() {
        stopTimer()
        for client in Array(clients.values) { client.closeNow() }
        pool(.legacy).shutDown()
        pool(.candidate).shutDown()
    }
}
