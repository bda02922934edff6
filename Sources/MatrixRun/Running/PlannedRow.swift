public import CaseDesign
public import CaseMatrix

/// A row of the matrix, ready to run.
public struct PlannedRow: Sendable, Hashable {
    /// `extended#000417`
    public var id: String
    public var row: CaseRow
    public var plan: CasePlan

    public init(id: String, row: CaseRow, plan: CasePlan) {
        self.id = id
        self.row = row
        self.plan = plan
    }
}

/// What both sides and the rules said of a row.
public struct RowEvidence: Sendable, Hashable {
    public var legacy: SideRun
    public var candidate: SideRun
    public var rules: RulesStatement

    public init(legacy: SideRun, candidate: SideRun, rules: RulesStatement) {
        self.legacy = legacy
        self.candidate = candidate
        self.rules = rules
    }
}
