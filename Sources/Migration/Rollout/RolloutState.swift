/// All of a rollout that must outlive a restart: where it stands, what stopped it, who said yes.
public struct RolloutState: Sendable, Hashable {
    /// Of this form on disk. A newer one is refused.
    public static let schema = 1

    public let plan: String
    /// Audiences and shares that the step counts in. Other parts of a plan may change under a running rollout, these may not.
    public let ladder: [RungName]
    /// 0 is the shadow, 1 the first stage.
    public internal(set) var step = 0
    public internal(set) var enteredAt: Instant
    /// How many tries each step has had, from the shadow on.
    public internal(set) var attempts: [Int]
    /// The last one of this stage and try.
    public internal(set) var verdict: EvidenceVerdict?
    /// Who asked for the next step, while it waits for approvals or the end of a freeze.
    public internal(set) var requestedBy: Person?
    public internal(set) var approvals: [Person] = []
    public internal(set) var pause: Stop?
    /// What rolled back, until somebody resumes.
    public internal(set) var latch: Stop?
    public internal(set) var kill: KillSwitch?
    public internal(set) var freezes: Set<String> = []
    public internal(set) var isOverdue = false
    public internal(set) var isRetired = false

    /// Why the rollout stands still.
    public struct Stop: Sendable, Hashable, Codable {
        public var reason: String
        public var at: Instant
    }

    /// One stage by its names.
    public struct RungName: Sendable, Hashable, Codable, CustomStringConvertible {
        public var audience: String
        public var candidate: Share
        public var description: String { "\(audience) \(candidate.split)" }
    }

    init(plan: RolloutPlan, at instant: Instant) {
        self.plan = plan.name
        ladder = Self.ladder(of: plan)
        enteredAt = instant
        attempts = [1] + Array(repeating: 0, count: plan.lastStep)
    }

    static func ladder(of plan: RolloutPlan) -> [RungName] {
        plan.audiences.flatMap { audience in
            audience.stages.map { RungName(audience: audience.name, candidate: $0.candidate) }
        }
    }

    public var stage: StageAttempt {
        StageAttempt(step: step, attempt: attempts.indices.contains(step) ? attempts[step] : 1)
    }
}

extension RolloutState: Codable {
    private enum Key: String, CodingKey {
        case schema, plan, ladder, step, enteredAt, attempts, verdict, requestedBy, approvals, pause, latch, kill, freezes
        case isOverdue, isRetired
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let schema = try container.decode(Int.self, forKey: .schema)
        guard schema == Self.schema else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container,
                debugDescription: "The rollout's state has schema \(schema), and this program knows \(Self.schema): "
                    + (schema > Self.schema ? "run the program that wrote it, or a later one." : "nothing wrote that yet."))
        }
        plan = try container.decode(String.self, forKey: .plan)
        ladder = try container.decode([RungName].self, forKey: .ladder)
        step = try container.decode(Int.self, forKey: .step)
        enteredAt = try container.decode(Instant.self, forKey: .enteredAt)
        attempts = try container.decode([Int].self, forKey: .attempts)
        verdict = try container.decodeIfPresent(EvidenceVerdict.self, forKey: .verdict)
        requestedBy = try container.decodeIfPresent(Person.self, forKey: .requestedBy)
        approvals = try container.decode([Person].self, forKey: .approvals)
        pause = try container.decodeIfPresent(Stop.self, forKey: .pause)
        latch = try container.decodeIfPresent(Stop.self, forKey: .latch)
        kill = try container.decodeIfPresent(KillSwitch.self, forKey: .kill)
        freezes = Set(try container.decode([String].self, forKey: .freezes))
        isOverdue = try container.decode(Bool.self, forKey: .isOverdue)
        isRetired = try container.decode(Bool.self, forKey: .isRetired)
        guard attempts.count == ladder.count + 1, attempts.indices.contains(step), attempts[step] >= 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .step, in: container,
                debugDescription: "The rollout's state is at step \(step), which its own list of stages does not have.")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(plan, forKey: .plan)
        try container.encode(ladder, forKey: .ladder)
        try container.encode(step, forKey: .step)
        try container.encode(enteredAt, forKey: .enteredAt)
        try container.encode(attempts, forKey: .attempts)
        try container.encodeIfPresent(verdict, forKey: .verdict)
        try container.encodeIfPresent(requestedBy, forKey: .requestedBy)
        try container.encode(approvals, forKey: .approvals)
        try container.encodeIfPresent(pause, forKey: .pause)
        try container.encodeIfPresent(latch, forKey: .latch)
        try container.encodeIfPresent(kill, forKey: .kill)
        try container.encode(freezes.sorted(), forKey: .freezes)
        try container.encode(isOverdue, forKey: .isOverdue)
        try container.encode(isRetired, forKey: .isRetired)
    }
}
