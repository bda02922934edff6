// Arrays whose order means nothing.
extension Walk {
    /// Up to so many possible pairs all elements take part in the matching; beyond, only those whose text has no twin on the other side.
    private static var pairsWholeMax: Int { 4_096 }

    /// Matches the elements one to one: first those of the same text, then by the rules, and so that as many as possible find a partner.
    /// With a tolerance equality is not transitive, so taking the first fit could leave a pair over that need not be.
    mutating func set(_ p: Int, _ s: Int, _ standing: Standing) {
        let mine = elements(of: p, in: primary)
        let theirs = elements(of: s, in: shadow)
        let twins = twins(mine, theirs)
        var owners = [Int](repeating: -1, count: theirs.count)
        for (row, column) in twins.enumerated() where column >= 0 { owners[column] = row }
        if twins.contains(-1), owners.contains(-1) {
            let isWhole = mine.count * theirs.count <= Self.pairsWholeMax
            let rows = mine.indices.filter { isWhole || twins[$0] < 0 }
            let columns = theirs.indices.filter { isWhole || owners[$0] < 0 }
            let columnsByDigest = Dictionary(grouping: columns) { digest(ofElement: $0, theirs[$0], in: shadow, standing) }
            for (digest, rows) in Dictionary(grouping: rows, by: { digest(ofElement: $0, mine[$0], in: primary, standing) }) {
                guard let columns = columnsByDigest[digest] else { continue }
                var matching = SetMatching(rows: rows, columns: columns, owners: columns.map { owners[$0] })
                for row in rows where twins[row] < 0 {
                    matching.augment(row) { row, column in
                        if twins[row] == column { return true }
                        let mark = enterElement(row)
                        let agrees = rules.ignores || agree(mine[row], theirs[column], standing)
                        leave(mark)
                        return agrees
                    }
                }
                for (column, owner) in zip(columns, matching.owners) { owners[column] = owner }
            }
        }
        var partners = [Int](repeating: -1, count: mine.count)
        for (column, row) in owners.enumerated() where row >= 0 { partners[row] = column }
        for row in mine.indices {
            if isOver { return }
            if partners[row] < 0 {
                lone(row, element: mine[row], isPrimary: true, standing)
            } else if twins[row] != partners[row] {
                element(row, mine[row], theirs[partners[row]], standing)
            }
        }
        for column in theirs.indices where owners[column] < 0 {
            if isOver { return }
            lone(column, element: theirs[column], isPrimary: false, standing)
        }
    }

    func elements(of array: Int, in document: JSONDocument) -> [Int] {
        var elements: [Int] = []
        elements.reserveCapacity(document.count(array))
        var element = document.firstInside(array)
        for _ in 0..<document.count(array) {
            elements.append(element)
            element = document.after(element)
        }
        return elements
    }

    /// For each of `mine` the place in `theirs` of an element of the same text, or -1.
    private func twins(_ mine: [Int], _ theirs: [Int]) -> [Int] {
        let myOrder = mine.indices.sorted { rawOrder(primary.wireText(mine[$0]), primary.wireText(mine[$1])) < 0 }
        let theirOrder = theirs.indices.sorted { rawOrder(shadow.wireText(theirs[$0]), shadow.wireText(theirs[$1])) < 0 }
        var partners = [Int](repeating: -1, count: mine.count)
        var at = 0
        var otherAt = 0
        while at < myOrder.count, otherAt < theirOrder.count {
            let order = rawOrder(primary.wireText(mine[myOrder[at]]), shadow.wireText(theirs[theirOrder[otherAt]]))
            if order == 0 { partners[myOrder[at]] = theirOrder[otherAt] }
            if order <= 0 { at += 1 }
            if order >= 0 { otherAt += 1 }
        }
        return partners
    }
}

/// A largest one-to-one matching, grown row by row (Kuhn's algorithm). Whether a pair fits is asked at most once.
private struct SetMatching {
    /// Beyond so many possible pairs nothing more is matched: such elements are reported rather than taken on trust.
    private static let pairsMax = 262_144

    private let columns: [Int]
    private let rowPlaces: [Int: Int]
    /// By row and column: 0 not asked yet, 1 fits, 2 does not.
    private var fits: [UInt8]
    /// By the column's place: the row that has it, or -1.
    private(set) var owners: [Int]

    init(rows: [Int], columns: [Int], owners: [Int]) {
        self.columns = columns
        self.owners = owners
        self.rowPlaces = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
        let size = rows.count.multipliedReportingOverflow(by: columns.count)
        self.fits = [UInt8](repeating: 0, count: size.overflow || size.partialValue > Self.pairsMax ? 0 : size.partialValue)
    }

    mutating func augment(_ row: Int, _ isFit: (Int, Int) -> Bool) {
        if fits.isEmpty { return }
        var visited = [Bool](repeating: false, count: columns.count)
        _ = place(row, &visited, isFit)
    }

    /// Finds a column for `row`, moving others to other columns where that helps.
    private mutating func place(_ row: Int, _ visited: inout [Bool], _ isFit: (Int, Int) -> Bool) -> Bool {
        guard let rowPlace = rowPlaces[row] else { return false }
        for column in columns.indices where !visited[column] {
            let pair = rowPlace * columns.count + column
            if fits[pair] == 0 { fits[pair] = isFit(row, columns[column]) ? 1 : 2 }
            if fits[pair] == 2 { continue }
            visited[column] = true
            if owners[column] < 0 || place(owners[column], &visited, isFit) {
                owners[column] = row
                return true
            }
        }
        return false
    }
}
