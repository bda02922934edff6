public import Migration

/// What a rollout asks of the data plane. Each returns when every lane has done it; none waits for traffic.
extension ShadowProxy {
    /// A key moves only when nothing of it is under way, which only its queue knows.
    ///
    /// - Throws: when an operation writes a key without order.
    public static func checkForRollout(_ plan: ProxyPlan) throws(PlanError) {
        for operation in plan.operations where !operation.keys.isEmpty && operation.order == .none {
            let isWrite = operation.mode == .mirroredWrite || !["GET", "HEAD", "OPTIONS", "TRACE"].contains(operation.method)
            guard isWrite else { continue }
            throw PlanError(
                "Operation \(operation.name) writes a key without `order: key`: a rollout could not tell when nothing of the key is under way; add it, or take the keys away, and the legacy answers it always."
            )
        }
    }

    /// Places by this table from the next request on, and what waits for its key as well.
    public func place(_ table: PlacementTable) async { _ = await ask { $0.place(table) } }

    /// Every written key has been handed back, or is on its way.
    public func forgetWrittenKeys() async { _ = await ask { $0.forgetWrittenKeys() } }

    /// Keys that the candidate has written by way of other proxies.
    public func learn(written keys: [String]) async { _ = await ask { $0.learn(written: keys) } }

    /// The legacy is no longer asked, from the next request on.
    public func retireLegacy() async { _ = await ask { $0.isRetired = true } }

    /// What came for the rollout since the last call; empty after the stop.
    public func collect() async -> TrafficFindings {
        var sum = TrafficFindings()
        var settled: [LaneFindings.Settled] = []
        let parts = await ask({ $0.findings() }) ?? []
        for part in parts {
            settled += part.settled
            sum.counts += part.counts
            sum.controls += part.controls
            sum.dropped += part.dropped
            sum.candidateBuild = part.candidateBuild ?? sum.candidateBuild
        }
        // Failures in a row are so over all lanes.
        if parts.count > 1 { settled.sort { $0.at < $1.at } }
        sum.outcomes = settled.map(\.outcome)
        return sum
    }

    public func handOvers() async -> HandOverStanding {
        var sum = HandOverStanding()
        for part in await ask({ $0.handOvers() }) ?? [] {
            sum.keysLeaving += part.keysLeaving
            sum.writesWaiting += part.writesWaiting
            sum.keysBehind += part.keysBehind
            sum.keysMistrusted += part.keysMistrusted
            // Every lane knows all of them.
            sum.writtenKeys = max(sum.writtenKeys, part.writtenKeys)
        }
        return sum
    }
}
