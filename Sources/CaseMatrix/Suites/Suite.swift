public import CaseDesign
public import Comparison
public import RuleFiles

/// A suite file that has been read and checked: a model of cases, and how a row of it becomes calls.
///
/// It knows nothing of what is tested: accounts, dates and money are names in the file. Everything is compiled at load, so that planning
/// a row touches no YAML. docs/matrices.md describes the file.
public struct Suite: Sendable {
    public let name: String
    /// One sentence; empty if the file has none.
    public let about: String
    /// As it was given to ``load(path:)``.
    public let path: String
    public let model: CaseModel
    public let strength: CaseStrength
    /// The strength for long runs.
    public let nightly: CaseStrength?
    public let seed: UInt64
    /// What shrinking goes back to: an index for each parameter of the model.
    public let defaults: CaseRow
    /// In the file's order. Those of kind amount or date can be overridden.
    public let variables: [SuiteVariable]
    public let invariants: [Invariant]
    public let load: LoadCall
    public let settle: SettleCall?
    /// A program and its arguments; paths in it are absolute.
    public let oracle: [String]?
    /// Absolute path of a file that services started for this suite are given.
    public let products: String?

    let operationRules: [String: ResponseRules]
    let plainRules: ResponseRules
    let planner: CasePlanner

    /// Reads the file and what it includes.
    ///
    /// Throws everything that is wrong with them at once: file, line and column, what was found, what is allowed.
    public static func load(path: String) throws(ConfigurationError) -> Suite {
        try SuiteReader.read(path: path)
    }

    /// How two sides' answers to an operation are compared. The suite's `compare` alone holds for operations without rules of their own.
    public func rules(for operation: String) -> ResponseRules { operationRules[operation] ?? plainRules }

    /// Makes a row concrete.
    ///
    /// - Parameters:
    ///   - case: becomes part of ids: 1…40 letters, digits and `-`.
    ///   - overriding: texts by name of variables of kind amount or date, taken instead of what the row gives.
    /// - Throws: what keeps the row from becoming a plan: a name that can't be overridden, a date beyond the calendar, a label that
    ///   stands twice.
    public func plan(
        _ row: CaseRow, case id: String, overriding: [String: String] = [:]
    ) throws(ConfigurationError) -> CasePlan {
        try planner.plan(row, id: id, overriding: overriding)
    }

    /// The value of each variable for a row, as plans write it; what shrinking starts from.
    public func values(
        of row: CaseRow, case id: String, overriding: [String: String] = [:]
    ) throws(ConfigurationError) -> [(variable: SuiteVariable, text: String)] {
        let values = try planner.values(row, id: id, overriding: overriding)
        return zip(variables, values.variables).map { ($0, $1.text) }
    }
}
