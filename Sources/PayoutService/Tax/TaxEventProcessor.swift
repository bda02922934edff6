/// When a failed event is tried again, and when it is given up.
struct RetryPolicy: Sendable {
    var attempts = 8
    var firstDelayMilliseconds: Int64 = 200
    var longestDelayMilliseconds: Int64 = 60_000

    /// Doubles with every failure.
    func delayMilliseconds(afterFailure failure: Int) -> Int64 {
        let doublings = min(max(failure - 1, 0), 20)
        return min(firstDelayMilliseconds << Int64(doublings), longestDelayMilliseconds)
    }
}

/// Takes what is due from the outbox and books it, until nothing is due.
struct TaxEventProcessor: Sendable {
    var outbox: any EventOutbox
    var ledger: any TaxLedger
    var retry = RetryPolicy()
    var batch = 64
    /// Milliseconds since 1970.
    var now: @Sendable () -> Int64

    struct Progress: Sendable, Hashable {
        var booked = 0
        var repeated = 0
        var postponed = 0
        var buried = 0
    }

    /// An event is acknowledged after its booking was committed: a crash in between delivers it again, and the inbox recognizes it.
    func drain() async throws -> Progress {
        var progress = Progress()
        while true {
            try Task.checkCancellation()
            let events = try await outbox.due(at: now(), limit: batch)
            guard !events.isEmpty else { return progress }
            var stuck: Set<String> = []
            var done: [Int64] = []
            for event in events where !stuck.contains(event.accountId) {
                do {
                    if try await ledger.book(try TaxEvent(event.payload), at: now()) {
                        progress.booked += 1
                    } else {
                        progress.repeated += 1
                    }
                    done.append(event.position)
                } catch let error as CancellationError {
                    try await outbox.acknowledge(done)
                    throw error
                } catch let refusal as TaxEventRefusal {
                    try await outbox.bury(event, at: now(), reason: refusal.reason)
                    progress.buried += 1
                } catch {
                    let reason = "\(error)"
                    if event.attempts + 1 >= retry.attempts {
                        try await outbox.bury(event, at: now(), reason: reason)
                        progress.buried += 1
                    } else {
                        let delay = retry.delayMilliseconds(afterFailure: event.attempts + 1)
                        try await outbox.postpone(event, until: now() + delay, reason: reason)
                        progress.postponed += 1
                        stuck.insert(event.accountId)
                    }
                }
            }
            try await outbox.acknowledge(done)
        }
    }
}
