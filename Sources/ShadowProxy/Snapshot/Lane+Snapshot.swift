import Verdicts

extension Lane {
    /// This lane's part of a snapshot, all of one moment.
    func snapshot() -> ProxySnapshot {
        var snapshot = ProxySnapshot()
        snapshot.operations = books.totals
        snapshot.latencies = books.latencies
        snapshot.bounds = books.bounds
        snapshot.inFlight = inFlight
        snapshot.awaitingComparison = awaitingComparison
        snapshot.shadowBacklog = shadowBacklog
        snapshot.shadowBacklogBytes = shadowBacklogBytes
        snapshot.waitingInKeyQueues = order.waiting
        snapshot.keys = order.count
        snapshot.behindKeys = behindKeys
        snapshot.unverifiedKeys = unverifiedKeys
        snapshot.divergedKeys = divergedKeys
        snapshot.uncertainWrites = uncertain
        snapshot.rechecks = rechecks
        snapshot.clientConnections = clients.count + handshakes.count
        snapshot.legacyConnections = pool(.legacy).connections
        snapshot.candidateConnections = pool(.candidate).connections
        if let drain {
            snapshot.caughtUp = drain.caughtUp
            snapshot.caughtUpDifferent = drain.caughtUpDifferent
            snapshot.givenUp = drain.givenUp
            snapshot.catchUpFailures = drain.failures
        }
        return snapshot
    }
}
