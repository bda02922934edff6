/// What one run found, whatever ran: the one form in which runs reach the gate and the reports.
///
/// Written as JSON (`countersign matrix run --json`, `countersign prove --json` …) it is a format of its own (``schema``); docs/reports.md
/// describes it. Instants are RFC 3339 in UTC. Counts are of rows for matrices, of faults for proofs, of requests for proxies and of
/// accounts for reconciliations.
public struct RunRecord: Codable, Sendable, Hashable {
    public static let schema = "countersign.run/1"

    public enum Kind: String, Codable, Sendable, CaseIterable {
        case matrix, prove, proxy, reconciliation
    }

    public var schema = RunRecord.schema
    public var kind: Kind
    /// The suite's name, the proxy's plan, the ledgers: what a reader calls the run.
    public var name: String
    public var startedAt: String
    public var finishedAt: String
    /// What was compared: an address or a command line, and the build when it is known.
    public var legacy: String
    public var candidate: String
    public var totals: RunTotals
    /// One for each operation that was called, by name.
    public var operations: [OperationRecord] = []
    /// One for each dimension of a matrix; empty otherwise.
    public var dimensions: [DimensionRecord] = []
    /// Where in the matrix the failures are: one for each pair of dimensions that a failing row has in common; may be empty.
    public var heatMaps: [HeatMap] = []
    public var coverage: CoverageRecord?
    /// Nil where the run has none.
    public var positiveControl: PositiveControl?
    public var selfTest: SelfTestRecord?
    /// Sides (or the oracle) that could not be reached: no verdict rests on them.
    public var unreachable: [UnreachableRecord] = []
    /// Everything that did not simply agree, the gravest first, bounded.
    public var cases: [CaseRecord] = []
    /// Cases beyond the bound.
    public var casesOmitted = 0
    /// Of proofs: one for each fault.
    public var faults: [FaultRecord] = []
    /// What a reader should know beside it.
    public var remarks: [String] = []

    public init(
        kind: Kind, name: String, startedAt: String, finishedAt: String, legacy: String, candidate: String, totals: RunTotals
    ) {
        self.kind = kind
        self.name = name
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.legacy = legacy
        self.candidate = candidate
        self.totals = totals
    }
}

/// What became of everything that was planned. `planned = compared + errors + notRun`, and
/// `compared = agreed + excused + mismatched + flaky`, always.
public struct RunTotals: Codable, Sendable, Hashable {
    public var planned = 0
    public var compared = 0
    public var agreed = 0
    /// Differences that a signed exception covers (legacy quirks).
    public var excused = 0
    /// Candidate wrong, both wrong, or a legacy quirk that nobody signed.
    public var mismatched = 0
    /// Differed once and not when run again.
    public var flaky = 0
    /// No verdict: a side or the oracle failed to answer.
    public var errors = 0
    public var notRun = 0

    public init() {}
}

/// One operation's share of a run.
public struct OperationRecord: Codable, Sendable, Hashable {
    public var name: String
    public var compared: Int
    public var mismatched: Int
    /// Of the mismatches, those on paths that are `critical`.
    public var critical: Int
    public var errors: Int

    public init(name: String, compared: Int = 0, mismatched: Int = 0, critical: Int = 0, errors: Int = 0) {
        self.name = name
        self.compared = compared
        self.mismatched = mismatched
        self.critical = critical
        self.errors = errors
    }
}

/// One dimension of a matrix, value by value in the model's order.
public struct DimensionRecord: Codable, Sendable, Hashable {
    public struct Value: Codable, Sendable, Hashable {
        public var value: String
        public var compared: Int
        public var mismatched: Int

        public init(value: String, compared: Int = 0, mismatched: Int = 0) {
            self.value = value
            self.compared = compared
            self.mismatched = mismatched
        }
    }

    public var name: String
    public var values: [Value]

    public init(name: String, values: [Value]) {
        self.name = name
        self.values = values
    }
}

/// Two dimensions against each other: how many rows were compared and how many failed, for each pair of values.
public struct HeatMap: Codable, Sendable, Hashable {
    public struct Cell: Codable, Sendable, Hashable {
        public var compared: Int
        public var mismatched: Int

        public init(compared: Int = 0, mismatched: Int = 0) {
            self.compared = compared
            self.mismatched = mismatched
        }
    }

    public var down: String
    public var across: String
    public var downValues: [String]
    public var acrossValues: [String]
    /// `cells[d][a]`.
    public var cells: [[Cell]]

    public init(down: String, across: String, downValues: [String], acrossValues: [String], cells: [[Cell]]) {
        self.down = down
        self.across = across
        self.downValues = downValues
        self.acrossValues = acrossValues
        self.cells = cells
    }
}

/// How much of the matrix the rows cover, counted by another algorithm than the one that made them.
public struct CoverageRecord: Codable, Sendable, Hashable {
    /// 1 … 4, or the number of dimensions for `all`.
    public var strength: Int
    public var rows: Int
    public var tuplesValid: Int
    public var tuplesCovered: Int

    public init(strength: Int, rows: Int, tuplesValid: Int, tuplesCovered: Int) {
        self.strength = strength
        self.rows = rows
        self.tuplesValid = tuplesValid
        self.tuplesCovered = tuplesCovered
    }
}

/// A difference that was made on purpose, and whether it was seen.
public struct PositiveControl: Codable, Sendable, Hashable {
    public var name: String
    public var fired: Bool
    public var detail: String

    public init(name: String, fired: Bool, detail: String) {
        self.name = name
        self.fired = fired
        self.detail = detail
    }
}

/// The verifier's check of itself before the run.
public struct SelfTestRecord: Codable, Sendable, Hashable {
    public var checks: Int
    /// A sentence for each check that failed.
    public var failures: [String]

    public init(checks: Int, failures: [String]) {
        self.checks = checks
        self.failures = failures
    }
}

public struct UnreachableRecord: Codable, Sendable, Hashable {
    /// `legacy`, `candidate` or `oracle`.
    public var side: String
    public var sentence: String

    public init(side: String, sentence: String) {
        self.side = side
        self.sentence = sentence
    }
}

/// One seeded fault and whether the suites saw it.
public struct FaultRecord: Codable, Sendable, Hashable {
    public var name: String
    public var policy: String
    public var about: String
    public var killed: Bool
    /// `suite#row` of the first row that saw it.
    public var byRow: String?
    /// The comparison that saw it: `payout $.grossInterest`, `journal $.lines`, `invariant: debits = credits`.
    public var byComparison: String?
    public var rowsRun: Int

    public init(
        name: String, policy: String, about: String, killed: Bool, byRow: String?, byComparison: String?, rowsRun: Int
    ) {
        self.name = name
        self.policy = policy
        self.about = about
        self.killed = killed
        self.byRow = byRow
        self.byComparison = byComparison
        self.rowsRun = rowsRun
    }
}
