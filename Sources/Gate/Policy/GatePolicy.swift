public import RunRecords

/// What a build has to show before it may go on. docs/ci.md describes each key of the file; the values here are the defaults.
///
/// A policy that says nothing still demands that something was compared, that nothing differed, wavered or went unanswered, and that
/// the verifier proved its own eyes where the kind of run has such a proof.
public struct GatePolicy: Codable, Sendable, Hashable {
    /// The file's name, or `defaults`.
    public var source = "defaults"
    public var runs = RunDemands()
    public var compared = ComparedFloors()
    public var mismatches = MismatchLimits()
    public var coverage = CoverageFloor()
    public var proof = ProofDemands()
    public var limits = RunLimits()
    /// Whether too little evidence lets the build pass (exit 0 instead of 2). Said loudly in every output.
    public var inconclusivePasses = false

    public init() {}
}

/// `runs`
public struct RunDemands: Codable, Sendable, Hashable {
    public var required: [RequiredRun] = []
    /// How long ago a run may have finished, in milliseconds; nil for any time.
    public var ageMaxMs: Int?
    /// Whether all matrices, proofs and proxies must name the same candidate.
    public var sameCandidate = false
    /// What the candidate of each of these runs must contain: a commit, an image's digest.
    public var candidateBuild: String?

    public init() {}
}

/// One entry of `runs.required`, with floors of its own.
public struct RequiredRun: Codable, Sendable, Hashable {
    public var kind: RunRecord.Kind
    /// Nil for any run of the kind.
    public var name: String?
    public var comparedMin: Int?
    public var strengthMin: Int?
    public var coverageMin: Percentage?

    public init(
        kind: RunRecord.Kind, name: String? = nil, comparedMin: Int? = nil, strengthMin: Int? = nil,
        coverageMin: Percentage? = nil
    ) {
        self.kind = kind
        self.name = name
        self.comparedMin = comparedMin
        self.strengthMin = strengthMin
        self.coverageMin = coverageMin
    }

    func takes(_ run: RunRecord) -> Bool { run.kind == kind && (name == nil || run.name == name) }

    var title: String { name.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }
}

/// `compared`: how much must have been compared.
public struct ComparedFloors: Codable, Sendable, Hashable {
    public var run = 1
    /// Of each operation of each run.
    public var operation = 1
    /// By name, over all runs together; the operation must be there.
    public var operations: [String: Int] = [:]
    /// Of each value of each dimension of each matrix.
    public var dimensionValue = 0
    /// By the dimension's name, instead of `dimensionValue`.
    public var dimensions: [String: Int] = [:]

    public init() {}
}

/// `mismatches`: how much may differ.
public struct MismatchLimits: Codable, Sendable, Hashable {
    /// Of each run. Nil: no mismatch at all, or, where there is a rate, as many as the rate allows.
    public var allowedMax: Int?
    /// The upper confidence bound of each run's share of mismatches must not be above it.
    public var rateMax: Percentage?
    /// The same of each operation of each run.
    public var operationRateMax: Percentage?
    /// The same by the operation's name, instead of `operationRateMax`.
    public var operationRates: [String: Percentage] = [:]
    /// One-sided.
    public var confidence = Percentage(thousandths: 95_000)
    /// No mismatch of these, whatever the rates allow; what a run itself calls critical is always among them.
    public var criticalOperations: [String] = []
    public var criticalPaths: [CriticalPath] = []

    public init() {}

    /// How many mismatches a run may have beside what its rate says; nil for any number.
    var countMax: Int? { allowedMax ?? (rateMax == nil ? 0 : nil) }
}

/// `coverage`: of every matrix.
public struct CoverageFloor: Codable, Sendable, Hashable {
    public var strengthMin: Int?
    /// Share of the valid tuples that the rows cover.
    public var percentMin: Percentage?

    public init() {}
}

/// `proof`: what shows that the verifier sees.
public struct ProofDemands: Codable, Sendable, Hashable {
    public var selfTest: [RunRecord.Kind] = [.matrix, .prove]
    public var positiveControl: [RunRecord.Kind] = [.matrix, .prove]
    /// How many seeded faults each proof must have tried.
    public var faultsMin = 1
    /// Share of them that must have been seen.
    public var killedMin = Percentage.all

    public init() {}
}

/// `limits`: of each run.
public struct RunLimits: Codable, Sendable, Hashable {
    public var flakyMax = 0
    /// Share of what was planned that may have got no verdict because something failed.
    public var errorsMax = Percentage.none
    /// Share of what was planned that may not have been run. Nil: nothing of matrices, proofs and reconciliations, any share of a
    /// proxy's traffic (its plan leaves requests out on purpose).
    public var notRunMax: Percentage?
    /// Rows that a signed exception may cover; nil for any number.
    public var excusedMax: Int?

    public init() {}

    func notRunMax(of kind: RunRecord.Kind) -> Percentage? { notRunMax ?? (kind == .proxy ? nil : Percentage.none) }
}
