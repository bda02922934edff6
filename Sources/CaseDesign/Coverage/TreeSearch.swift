/// Whether some valid row has given values, by plain backtracking over the constraints as trees. It shares nothing with the
/// generator's diagrams, so that one can be held against the other.
struct TreeSearch {
    private let sizes: [Int]
    private let isNegative: [[Bool]]
    private let predicates: [CasePredicate]
    /// For each parameter the predicates that name it.
    private let naming: [[Int]]
    /// Parameters that constraints tie together, directly or by way of others; each is searched on its own.
    private let islands: [[Int]]
    private var known: [[Int]: Bool] = [:]
    private let end: ContinuousClock.Instant
    private let bound: Duration
    private var steps = 0

    init(_ model: CaseModel, within bound: Duration) {
        sizes = model.parameters.map(\.values.count)
        isNegative = model.parameters.map { $0.values.map(\.isNegative) }
        predicates = model.constraints.map(\.predicate)
        let scopes = predicates.map(\.parameters)
        naming = sizes.indices.map { parameter in scopes.indices.filter { scopes[$0].contains(parameter) } }
        islands = Self.islands(sizes.count, scopes)
        end = .now + bound
        self.bound = bound
    }

    private static func islands(_ count: Int, _ scopes: [[Int]]) -> [[Int]] {
        var left = Array(0..<count)
        var islands: [[Int]] = []
        while let first = left.first {
            var island = [first]
            var next = 0
            while next < island.count {
                for scope in scopes where scope.contains(island[next]) {
                    for parameter in scope where !island.contains(parameter) { island.append(parameter) }
                }
                next += 1
            }
            left.removeAll(where: island.contains)
            if scopes.contains(where: { $0.contains(first) }) { islands.append(island) }
        }
        return islands
    }

    /// `row` holds -1 where it is free. With `clean`, only rows without a negative value are looked for.
    mutating func extends(_ row: [Int], clean: Bool) throws(CaseDesignError) -> Bool {
        let negatives = row.indices.count { row[$0] >= 0 && isNegative[$0][row[$0]] }
        if negatives > (clean ? 0 : 1) { return false }
        // A negative value that is needed in one island uses up what another may have.
        if !clean, isNegative.contains(where: { $0.contains(true) }) {
            return try whole(row)
        }
        for index in islands.indices where try !island(index, row) { return false }
        return !clean || sizes.indices.allSatisfy { parameter in row[parameter] >= 0 || isNegative[parameter].contains(false) }
    }

    /// One island by itself, over values that are not negative.
    private mutating func island(_ index: Int, _ row: [Int]) throws(CaseDesignError) -> Bool {
        let island = islands[index]
        let key = [index] + island.map { row[$0] }
        if let answer = known[key] { return answer }
        var trial = [Int](repeating: -1, count: sizes.count)
        for parameter in island { trial[parameter] = row[parameter] }
        let answer = try search(&trial, island, negativesLeft: 0)
        known[key] = answer
        return answer
    }

    /// All parameters at once, with one negative value at most.
    private mutating func whole(_ row: [Int]) throws(CaseDesignError) -> Bool {
        let used = row.indices.count { row[$0] >= 0 && isNegative[$0][row[$0]] }
        let bare = row.indices.map { parameter in
            naming[parameter].isEmpty && row[parameter] >= 0 && !isNegative[parameter][row[parameter]] ? -2 : row[parameter]
        }
        let key = [-1, used] + bare
        if let answer = known[key] { return answer }
        var trial = row
        let answer = try search(
            &trial, islands.flatMap { $0 } + row.indices.filter { naming[$0].isEmpty }, negativesLeft: 1 - used)
        known[key] = answer
        return answer
    }

    private mutating func search(_ row: inout [Int], _ parameters: [Int], negativesLeft: Int) throws(CaseDesignError) -> Bool {
        for parameter in parameters where row[parameter] >= 0 {
            if naming[parameter].contains(where: { predicates[$0].truth(row) == false }) { return false }
        }
        if sizes.count > 0, predicates.contains(where: { $0.truth(row) == false }) { return false }
        return try descend(&row, parameters[...], negativesLeft)
    }

    private mutating func descend(
        _ row: inout [Int], _ parameters: ArraySlice<Int>, _ negativesLeft: Int
    ) throws(CaseDesignError) -> Bool {
        guard let parameter = parameters.first else { return true }
        let rest = parameters.dropFirst()
        if row[parameter] >= 0 { return try descend(&row, rest, negativesLeft) }
        steps += 1
        if steps % 4_096 == 0, ContinuousClock.now >= end { throw tooLong }
        defer { row[parameter] = -1 }
        for value in 0..<sizes[parameter] {
            let negative = isNegative[parameter][value] ? 1 : 0
            if negative > negativesLeft { continue }
            row[parameter] = value
            if naming[parameter].contains(where: { predicates[$0].truth(row) == false }) { continue }
            if try descend(&row, rest, negativesLeft - negative) { return true }
        }
        return false
    }

    /// Every valid row, one after another.
    mutating func forEachRow(_ body: ([Int]) -> Void) throws(CaseDesignError) {
        var row = [Int](repeating: -1, count: sizes.count)
        if predicates.contains(where: { $0.truth(row) == false }) { return }
        try enumerate(&row, 0, 1, body)
    }

    private mutating func enumerate(
        _ row: inout [Int], _ parameter: Int, _ negativesLeft: Int, _ body: ([Int]) -> Void
    ) throws(CaseDesignError) {
        if parameter == sizes.count { return body(row) }
        steps += 1
        if steps % 4_096 == 0, ContinuousClock.now >= end { throw tooLong }
        for value in 0..<sizes[parameter] {
            let negative = isNegative[parameter][value] ? 1 : 0
            if negative > negativesLeft { continue }
            row[parameter] = value
            if naming[parameter].contains(where: { predicates[$0].truth(row) == false }) { continue }
            try enumerate(&row, parameter + 1, negativesLeft - negative, body)
        }
        row[parameter] = -1
    }

    func checkTime() throws(CaseDesignError) { if ContinuousClock.now >= end { throw tooLong } }

    private var tooLong: CaseDesignError {
        CaseDesignError(.timeout, "checking the coverage took longer than \(bound): allow more time or lower the strength")
    }
}
