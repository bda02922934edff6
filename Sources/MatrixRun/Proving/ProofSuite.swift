/// One suite of a proof, with its rows and what the legacy and the rules said of each: faults cost the candidate's side alone.
public struct ProofSuite: Sendable {
    public var suite: any RunnableSuite
    public var planner: RowPlanner
    public var oracle: any Oracle
    /// The rows of the equal pair's run, all agreed.
    public var rows: [JudgedRow]

    public init(suite: any RunnableSuite, planner: RowPlanner, oracle: any Oracle, rows: [JudgedRow]) {
        self.suite = suite
        self.planner = planner
        self.oracle = oracle
        self.rows = rows
    }
}
