/// One sentence of PICT's constraint language: `IF … THEN … ELSE …;` or a predicate that always holds.
public struct CaseConstraint: Sendable, Hashable {
    /// As written, on one line.
    public var text: String
    /// Where it starts, from 1, in its file.
    public var line: Int
    public var predicate: CasePredicate

    public init(text: String, line: Int, predicate: CasePredicate) {
        self.text = text
        self.line = line
        self.predicate = predicate
    }
}

/// What a constraint says, with each term already decided for each value (or pair of values) of its parameters.
public indirect enum CasePredicate: Sendable, Hashable {
    /// Of one parameter: for which of its values it holds.
    case term(parameter: Int, holds: [Bool])
    /// Of two parameters: for which pairs, the second parameter's value running fastest.
    case pair(first: Int, second: Int, secondCount: Int, holds: [Bool])
    case not(CasePredicate)
    case and(CasePredicate, CasePredicate)
    case or(CasePredicate, CasePredicate)

    /// On a row in which a negative number stands for a free parameter; nil when it depends on what is free.
    public func truth(_ row: [Int]) -> Bool? {
        switch self {
        case .term(let parameter, let holds):
            return row[parameter] < 0 ? nil : holds[row[parameter]]
        case .pair(let first, let second, let secondCount, let holds):
            return row[first] < 0 || row[second] < 0 ? nil : holds[row[first] * secondCount + row[second]]
        case .not(let inner):
            return inner.truth(row).map { !$0 }
        case .and(let left, let right):
            let first = left.truth(row)
            if first == false { return false }
            let second = right.truth(row)
            return second == false ? false : (first == nil || second == nil ? nil : true)
        case .or(let left, let right):
            let first = left.truth(row)
            if first == true { return true }
            let second = right.truth(row)
            return second == true ? true : (first == nil || second == nil ? nil : false)
        }
    }

    /// Indices of the parameters that it names, ascending.
    public var parameters: [Int] {
        var found: Set<Int> = []
        collect(&found)
        return found.sorted()
    }

    private func collect(_ found: inout Set<Int>) {
        switch self {
        case .term(let parameter, _): found.insert(parameter)
        case .pair(let first, let second, _, _): found.formUnion([first, second])
        case .not(let inner): inner.collect(&found)
        case .and(let left, let right), .or(let left, let right):
            left.collect(&found)
            right.collect(&found)
        }
    }
}
