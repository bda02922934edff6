import InterestContract

/// What a payment does to the books beyond the entry itself.
struct PostingPolicy: Sendable {
    /// The held amount after a credit of interest.
    var heldAfterInterest: @Sendable (_ standing: Standing, _ net: Int64) throws(Problem) -> Int64
    /// The last paid date after a payment of interest.
    var lastPaidAfter: @Sendable (_ standing: Standing, _ businessDay: Day) -> Day?
    /// What is carried out of what was decided.
    var carryOut: @Sendable (_ plan: Plan) -> Plan
    /// What a refusal that is kept does to the books besides.
    var afterRefusal: @Sendable (_ problem: Problem, _ call: InboundCall, _ businessDay: Day) -> [BookStep]

    static let plain = PostingPolicy(
        heldAfterInterest: { standing, net throws(Problem) in
            // Seizure and the withdrawal freeze catch all that comes in; they win over a fraud hold, which catches up to its amount.
            if standing.state == .seized || standing.withdrawalFreeze { return try checkedSum(standing.held, net) }
            guard standing.state == .fraudHold, let incident = standing.incidentAmount else { return standing.held }
            return max(standing.held, min(try checkedSum(standing.held, net), incident))
        },
        lastPaidAfter: { _, businessDay in businessDay },
        carryOut: { $0 },
        afterRefusal: { _, _, _ in [] })
}
