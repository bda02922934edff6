/// Makes the rows of a matrix.
///
/// Every combination of `strength` values that stands in some valid row stands in one of the rows given; each row is full and
/// valid. The same model, strength and seed give the same rows on any machine.
public enum CaseGenerator {
    /// Values of one parameter.
    public static let valuesMax = 1_000
    /// Rows that `.all` gives at most.
    public static let rowsMax = 2_000_000

    /// - Parameter within: how long it may take; beyond it the error is a timeout. Never a hang, never part of the rows.
    public static func rows(
        of model: CaseModel, strength: CaseStrength, seed: UInt64 = 1, within: Duration = .seconds(30)
    ) throws(CaseDesignError) -> [CaseRow] {
        let deadline = Deadline(within: within)
        try ModelCheck.check(model)
        let valid = try ValidRows(model, deadline: deadline)
        guard valid.isSatisfiable else { throw try Conflict.error(of: model, deadline: deadline) }
        let seeds = try SeedRows.checked(model, valid, deadline: deadline)
        switch strength {
        case .all: return try EveryRow.rows(of: model, valid, seeds: seeds, deadline: deadline)
        case .ways(let ways):
            guard (1...CaseStrength.waysMax).contains(ways) else {
                throw CaseDesignError(.tooLarge, "the strength \(ways) is not from 1 to \(CaseStrength.waysMax), or `all`")
            }
            if ways >= model.parameters.count {
                return try EveryRow.rows(of: model, valid, seeds: seeds, deadline: deadline)
            }
            return try CoveringRows.rows(of: model, valid, ways: ways, seeds: seeds, seed: seed, deadline: deadline)
        }
    }

    /// What a reader of the model should know: constraints that name what is not there, values that no valid row has.
    public static func warnings(of model: CaseModel, within: Duration = .seconds(30)) throws(CaseDesignError) -> [String] {
        let valid = try ValidRows(model, deadline: Deadline(within: within))
        return model.warnings
            + valid.impossibleValues().map { parameter, value in
                "no valid row has `\(model.parameters[parameter].name)` = `\(model.parameters[parameter].values[value].name)`"
            }
    }

    /// How many rows `.all` would give; nil beyond Int's range.
    public static func validRows(of model: CaseModel, within: Duration = .seconds(30)) throws(CaseDesignError) -> Int? {
        try ValidRows(model, deadline: Deadline(within: within)).count()
    }
}
