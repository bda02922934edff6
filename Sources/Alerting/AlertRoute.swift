import Comparison

/// One line of the routing: what fits all that it names goes to its channels. The first that fits wins.
public struct AlertRoute: Sendable, Hashable {
    /// `minor`, `major`, `critical`; empty: any.
    public var severities: Set<String>
    /// Names of operations; empty: any. A rollout's event fits when one of its operations does, or when it concerns all.
    public var operations: Set<String>
    /// Of the rollout's standing; empty: any, also none.
    public var stages: Set<String>
    public var audiences: Set<String>
    public var channels: [String]

    public init(
        severities: Set<String> = [], operations: Set<String> = [], stages: Set<String> = [], audiences: Set<String> = [],
        channels: [String]
    ) {
        self.severities = severities
        self.operations = operations
        self.stages = stages
        self.audiences = audiences
        self.channels = channels
    }

    func fits(_ incident: Incident, _ standing: NoticeStanding?) -> Bool {
        func among(_ wanted: Set<String>, _ value: String?) -> Bool { wanted.isEmpty || value.map(wanted.contains) == true }
        return among(severities, incident.severity.rawValue) && fitsOperation(incident) && among(stages, standing?.stage)
            && among(audiences, standing?.audience)
    }

    private func fitsOperation(_ incident: Incident) -> Bool {
        guard !operations.isEmpty else { return true }
        guard let rollout = incident.rollout else { return operations.contains(incident.operation) }
        return rollout.operations.isEmpty || !operations.isDisjoint(with: rollout.operations)
    }
}

extension AlertSettings {
    /// Names of the channels that are told of an incident: those of the first route that fits, and those that have been told of it before.
    func receivers(of incident: Incident, _ standing: NoticeStanding?, disabled: Set<String>) -> Set<String> {
        let all = Set(channels.map(\.name))
        var names = all
        if !routes.isEmpty {
            names = Set(routes.first { $0.fits(incident, standing) }?.channels ?? fallback).intersection(all)
        }
        names.formUnion(all.intersection(incident.life.toldChannels))
        // Who can't be reached is no receiver: the fallback hears of it then.
        if names.isSubset(of: disabled) { names.formUnion(all.intersection(fallback)) }
        return names
    }
}
