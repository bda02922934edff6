import ArgumentParser

/// What a stub side does with a request.
enum Behaviour: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// 201 and a payout in JSON.
    case healthy
    /// The same, after a while.
    case slow
    /// Half of the answer, then RST.
    case reset
    /// A head that announces chunks, and chunks without end, as fast as the peer takes them.
    case endless
    /// 200 and a JSON document of a given size.
    case large
    /// Takes everything and never answers.
    case webhookDead = "webhook-dead"
}

/// A behaviour with its figures and its prepared answers.
struct SidePlan: Sendable {
    var behaviour: Behaviour
    var answers: SideAnswers
    var delayMilliseconds = 2_000
    /// Only requests whose path begins so meet the behaviour; all others are answered as by a healthy side.
    var onlyPath: [UInt8]?

    func behaviour(for path: [UInt8]) -> Behaviour {
        guard let onlyPath else { return behaviour }
        return path.starts(with: onlyPath) ? behaviour : .healthy
    }
}
