/// One thing that keeps the next step back.
public enum RolloutHold: Sendable, Hashable, CustomStringConvertible {
    case retired
    case killed(KillSwitch)
    case latched(reason: String)
    case paused(reason: String)
    case frozen(names: [String])
    /// Milliseconds to go.
    case minimumNotReached(leftMs: Int64)
    /// Of this stage and try; nil when nothing has been said yet.
    case evidence(reason: String?)
    case approvalsMissing([ApprovalDemand])
    /// Only for automatic promotion: somebody has to look why the stage takes so long.
    case overdue

    public var description: String {
        switch self {
        case .retired: "The rollout is over: the legacy is no longer compared."
        case .killed(let kill): "The kill switch is thrown (\(kill)); two persons release it."
        case .latched(let reason): "It was rolled back: \(reason). `resume` with a reason goes on."
        case .paused(let reason): "It is paused: \(reason). `resume` with a reason goes on."
        case .frozen(let names): "Frozen by \(names.map { "`\($0)`" }.joined(separator: ", "))."
        case .minimumNotReached(let left): "The stage lasts at least \(DurationText.words(milliseconds: left)) more."
        case .evidence(let reason): "The evidence does not suffice: \(reason ?? "there is no verdict on this stage yet")."
        case .approvalsMissing(let demands):
            "Approvals are missing: \(demands.map(\.description).joined(separator: ", "))."
        case .overdue: "The stage has lasted longer than its maximum; a person must ask for the next one."
        }
    }
}
