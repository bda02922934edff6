@testable import CaseDesign

/// Small constrained models, and what brute force says of them: every row is tried, so that nothing has to be believed.
struct RandomModels {
    private var chance: SplitMix64

    init(seed: UInt64) { chance = SplitMix64(seed: seed) }

    /// 3 to 5 parameters of 1 to 4 values, up to 5 constraints, some negative values, some seeds.
    mutating func next() -> CaseModel {
        let count = 3 + chance.next(below: 3)
        let withNegatives = chance.next(below: 3) == 0
        let parameters = (0..<count).map { index in
            CaseParameter(
                name: "p\(index)",
                values: (0..<1 + chance.next(below: 4)).map { value in
                    CaseValue("v\(value)", isNegative: withNegatives && value > 0 && chance.next(below: 4) == 0)
                })
        }
        var model = CaseModel(parameters: parameters)
        for number in 0..<chance.next(below: 6) {
            model.constraints.append(CaseConstraint(text: "c\(number)", line: number + 1, predicate: predicate(parameters, 2)))
        }
        let valid = Self.validRows(model)
        if let row = valid.first, chance.next(below: 2) == 0 {
            var seed = row.map(Int?.some)
            seed[chance.next(below: count)] = nil
            model.seeds = [valid[chance.next(below: valid.count)].map(Int?.some), seed]
        }
        return model
    }

    private mutating func predicate(_ parameters: [CaseParameter], _ depth: Int) -> CasePredicate {
        switch depth == 0 ? 0 : chance.next(below: 6) {
        case 1: return .not(predicate(parameters, depth - 1))
        case 2, 3: return .or(predicate(parameters, depth - 1), predicate(parameters, depth - 1))
        case 4: return .and(predicate(parameters, depth - 1), predicate(parameters, depth - 1))
        case 5:
            let first = chance.next(below: parameters.count)
            let second = (first + 1 + chance.next(below: parameters.count - 1)) % parameters.count
            let (rows, columns) = (parameters[first].values.count, parameters[second].values.count)
            return .pair(
                first: first, second: second, secondCount: columns,
                holds: (0..<rows * columns).map { _ in chance.next(below: 3) > 0 })
        default:
            let parameter = chance.next(below: parameters.count)
            return .term(parameter: parameter, holds: parameters[parameter].values.map { _ in chance.next(below: 3) > 0 })
        }
    }

    static func everyRow(_ model: CaseModel) -> [[Int]] {
        model.parameters.reduce([[]]) { rows, parameter in rows.flatMap { row in parameter.values.indices.map { row + [$0] } } }
    }

    static func validRows(_ model: CaseModel) -> [[Int]] {
        everyRow(model).filter { row in
            row.indices.count { model.parameters[$0].values[row[$0]].isNegative } <= 1
                && model.constraints.allSatisfy { $0.predicate.truth(row) == true }
        }
    }

    /// A combination as values at some parameters, -1 elsewhere.
    static func combinations(_ row: [Int], _ ways: Int) -> [[Int]] {
        var result: [[Int]] = []
        TupleTable.forEachSubset(of: row.count, without: -1, size: ways) { chosen in
            result.append(row.indices.map { chosen.contains($0) ? row[$0] : -1 })
        }
        return result
    }

    /// The combinations to be covered, each with whether it must stand in a row without negative values.
    static func required(_ model: CaseModel, _ ways: Int) -> [[Int]: Bool] {
        var required: [[Int]: Bool] = [:]
        for row in validRows(model) {
            let clean = !hasNegative(row, model)
            for combination in combinations(row, ways) { required[combination] = required[combination, default: false] || clean }
        }
        return required
    }

    static func hasNegative(_ row: [Int], _ model: CaseModel) -> Bool {
        row.indices.contains { row[$0] >= 0 && model.parameters[$0].values[row[$0]].isNegative }
    }

    /// Of what is required, what the rows have.
    static func covered(_ rows: [[Int]], _ model: CaseModel, _ ways: Int) -> Set<[Int]> {
        let required = required(model, ways)
        var covered: Set<[Int]> = []
        for row in rows {
            let clean = !hasNegative(row, model)
            for combination in combinations(row, ways) {
                if let mustBeClean = required[combination], clean || !mustBeClean { covered.insert(combination) }
            }
        }
        return covered
    }
}
