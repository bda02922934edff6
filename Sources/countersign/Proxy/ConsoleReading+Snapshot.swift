import Console
import ShadowProxy
import Verdicts

extension ConsoleReading {
    /// The data plane's part of a reading.
    init(_ snapshot: ProxySnapshot) {
        self.init()
        operations = snapshot.operations.map { Operation(name: $0.operation, verdicts: $0.verdicts) }
        received = snapshot.received
        inFlight = snapshot.inFlight
        awaitingComparison = snapshot.awaitingComparison
        shadowBacklog = snapshot.shadowBacklog
        shadowBacklogBytes = snapshot.shadowBacklogBytes
        clientConnections = snapshot.clientConnections
        keysBehind = snapshot.behindKeys
        caughtUp = [
            Named("same", snapshot.caughtUp - snapshot.caughtUpDifferent), Named("different", snapshot.caughtUpDifferent),
            Named("given-up", snapshot.givenUp),
        ]
        keysUnverified = snapshot.unverifiedKeys
        keysDiverged = snapshot.divergedKeys
    }
}
