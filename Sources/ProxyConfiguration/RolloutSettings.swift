/// Which plan moves traffic to the candidate, and what the proxy needs to know to carry it out.
public struct RolloutSettings: Sendable, Hashable {
    /// How the candidate's build is told: when it changes, evidence begins anew.
    public enum CandidateBuild: Sendable, Hashable {
        /// A header of the candidate's answers, in lower case.
        case header(String)
        /// As it is written here.
        case text(String)
    }

    /// A header whose value the gateway alone knows.
    public struct AudienceProof: Sendable, Hashable {
        /// In lower case.
        public var header: String
        public var secret: String
    }

    /// The plan's file.
    public var planFile: String
    /// The header of a request that carries the caller's claims, separated by commas, in lower case; nil: nobody has claims.
    public var audienceHeader: String?
    /// What shows that the gateway in front of the proxy has set it; nil: the listener trusts its callers.
    public var audienceProof: AudienceProof?
    /// Whether stages begin without a request of a person.
    public var isAutomatic = false
    /// That the file is there throws the kill switch; nil: `kill-switch` in the state folder.
    public var killFile: String?
    /// How long a write waits for its key to change sides, at most.
    public var handOverWaitMs = 5_000
    /// How many writes of one key wait for that.
    public var handOverWaitingMax = 32
    public var candidateBuild = CandidateBuild.text("unnamed")

    public init(planFile: String) { self.planFile = planFile }

    /// The kill switch's file, with the state folder known.
    public func killFile(in stateDirectory: String) -> String { killFile ?? stateDirectory + "/kill-switch" }
}
