import Comparison
import Verdicts

/// What weakens the verification itself, told for as long as it lasts.
extension IncidentDesk {
    static let channelDisabled = "channel-disabled"

    /// Tells the other channels of one that is disabled, until it is enabled again.
    ///
    /// - Returns: what to say of each that is.
    func noteDisabledChannels(at now: Int64, on connection: any SQLConnection) throws -> Set<String> {
        let disabled = try ChannelState.all(connection).filter { $0.disabledAt != nil }
        var open = try Incident.live(connection).filter { $0.kind == Self.channelDisabled && $0.life.state == .open }
        var causes: Set<String> = []
        for state in disabled {
            let name = "channel \(state.channel)"
            let cause =
                "alerts to \(state.channel) are given up (\(state.disabledBecause ?? "disabled")); mend it, then countersign alerts enable \(state.channel)"
            causes.insert(cause)
            if let known = open.firstIndex(where: { $0.operation == name }) {
                open.remove(at: known)
                continue
            }
            try warn(
                IncidentWarning(kind: Self.channelDisabled, operation: name, cause: cause, severity: .critical), occurrences: 1,
                at: now,
                on: connection)
        }
        for var incident in open {
            incident.life.resolve(at: now, because: "the channel is enabled again")
            try incident.save(connection)
        }
        return causes
    }

    static let keysUnverified = "keys-unverified"

    /// Tells of keys that have been unverified for long, and that none is any more.
    ///
    /// - Parameter name: the proxy's, where several share the store; empty for one alone.
    func noteUnverifiedKeys(
        _ doubt: DoubtWatch.News, of name: String, at now: Int64, on connection: any SQLConnection
    ) throws {
        let operation = name.isEmpty ? "unverified keys" : "unverified keys of \(name)"
        switch doubt {
        case .lasting(let count):
            let cause =
                "of \(count) \(count == 1 ? "key" : "keys") nobody knows whether a write came through, and no read-back has shown it: they are not "
                + "compared, and a write that would have to change sides is answered 503; countersign report lists them, countersign resync "
                + "KEY says what to do"
            try warn(
                IncidentWarning(kind: Self.keysUnverified, operation: operation, cause: cause, severity: .major), occurrences: 1,
                at: now, on: connection)
        case .over:
            for var incident in try Incident.live(connection)
            where incident.kind == Self.keysUnverified && incident.operation == operation && incident.life.state == .open {
                incident.life.resolve(at: now, because: "every key is verified again")
                try incident.save(connection)
            }
        }
    }
}
