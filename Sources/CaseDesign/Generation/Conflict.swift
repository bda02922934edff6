/// Why there is no valid row: a smallest set of constraints that can't hold together.
enum Conflict {
    static func error(of model: CaseModel, deadline: Deadline) throws(CaseDesignError) -> CaseDesignError {
        var kept = model
        var index = 0
        while index < kept.constraints.count {
            var fewer = kept
            fewer.constraints.remove(at: index)
            if try ValidRows(fewer, deadline: deadline).isSatisfiable { index += 1 } else { kept = fewer }
        }
        if kept.constraints.isEmpty {
            return CaseDesignError(
                .unsatisfiable, "no row is valid: more than one parameter has only negative values, and a row holds at most one")
        }
        let list = kept.constraints.map { "line \($0.line): \($0.text)" }.joined(separator: "; ")
        let which = kept.constraints.count == 1 ? "this constraint leaves nothing" : "these constraints can't hold together"
        return CaseDesignError(.unsatisfiable, "no row keeps every constraint: \(which): \(list)")
    }
}
