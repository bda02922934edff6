/// Which combinations of `ways` values are still to be covered.
///
/// Each combination is held once for each of its parameters: for a parameter `p` and values of `ways - 1` others there is an
/// entry of bits, one for each value of `p`. So the gains of all values of `p` beside a row are read entry by entry, and an entry
/// is found by sums and products alone. One generation owns it.
final class TupleTable {
    typealias Word = UInt32

    let sizes: [Int]
    let ways: Int
    /// Entries of a parameter take so many words each.
    let wordsPerEntry: [Int]
    /// For parameter p and ascending others a, b, c (as many as there are): at ((p·n + a)·n + b)·n + c, where their entries start.
    private let bases: UnsafeMutablePointer<Int32>
    /// Same places: the number of the group (p and its others), for ``remaining``.
    private let groups: UnsafeMutablePointer<Int32>
    private let words: UnsafeMutablePointer<Word>
    private let wordsCount: Int
    private(set) var members: [[Int]] = []
    private var groupStarts: [Int] = []
    /// Uncovered combinations of each group; the sum over groups counts each combination `ways` times.
    private(set) var remaining: [Int] = []
    private(set) var uncovered = 0

    /// Bounds on memory: 96 MiB of words, 128 MiB of places and as much of groups.
    private static let wordsMax = 24_000_000
    private static let placesMax = 16_000_000
    private static let groupsMax = 2_000_000

    init(sizes: [Int], ways: Int) throws(CaseDesignError) {
        self.sizes = sizes
        self.ways = ways
        let widths = sizes.map { ($0 + Word.bitWidth - 1) / Word.bitWidth }
        wordsPerEntry = widths
        let count = sizes.count
        var places = 1
        for _ in 0..<ways { places = min(places * count, Self.placesMax + 1) }
        var groupList: [[Int]] = []
        var starts: [Int] = []
        var next = 0
        if places <= Self.placesMax {
            for parameter in 0..<count {
                Self.forEachSubset(of: count, without: parameter, size: ways - 1) { others in
                    if next > Self.wordsMax || groupList.count > Self.groupsMax { return }
                    groupList.append([parameter] + others)
                    starts.append(next)
                    next += others.reduce(widths[parameter]) { min($0 * sizes[$1], Self.wordsMax + 1) }
                }
            }
        }
        guard places <= Self.placesMax, next <= Self.wordsMax, groupList.count <= Self.groupsMax else {
            throw CaseDesignError(
                .tooLarge,
                "there are too many combinations of \(ways) parameters to be held: lower the strength or split the model")
        }
        bases = .allocate(capacity: places)
        bases.initialize(repeating: 0, count: places)
        groups = .allocate(capacity: places)
        groups.initialize(repeating: 0, count: places)
        words = .allocate(capacity: max(next, 1))
        words.initialize(repeating: 0, count: max(next, 1))
        wordsCount = next
        members = groupList
        groupStarts = starts
        remaining = [Int](repeating: 0, count: groupList.count)
        for (group, list) in groupList.enumerated() {
            let place = list.reduce(0) { $0 * count + $1 }
            bases[place] = Int32(starts[group])
            groups[place] = Int32(group)
        }
    }

    deinit {
        bases.deallocate()
        groups.deallocate()
        words.deallocate()
    }

    /// Calls with each ascending list of `size` parameters below `count` that leaves `parameter` out.
    static func forEachSubset(of count: Int, without parameter: Int, size: Int, _ body: ([Int]) -> Void) {
        var list: [Int] = []
        func extend(_ from: Int) {
            if list.count == size { return body(list) }
            for next in from..<max(count, from) where next != parameter {
                list.append(next)
                extend(next + 1)
                list.removeLast()
            }
        }
        extend(0)
    }

    // MARK: Entries

    /// Calls with each entry of `parameter` beside the values of `fixed`, which is ascending and leaves `parameter` out:
    /// where the entry starts, and its place.
    @inline(__always)
    private func forEachEntry(_ parameter: Int, _ fixed: ArraySlice<Int>, _ row: [Int], _ body: (Int, Int) -> Void) {
        let count = sizes.count
        let width = wordsPerEntry[parameter]
        fixed.withUnsafeBufferPointer { fixed in
            row.withUnsafeBufferPointer { row in
                sizes.withUnsafeBufferPointer { sizes in
                    let end = fixed.count
                    switch ways {
                    case 1: body(Int(bases[parameter]), parameter)
                    case 2:
                        for first in 0..<end {
                            let a = fixed[first]
                            let place = parameter * count + a
                            body(Int(bases[place]) + row[a] * width, place)
                        }
                    case 3:
                        for first in 0..<end {
                            let a = fixed[first]
                            let outer = (parameter * count + a) * count
                            for second in first + 1..<max(end, first + 1) {
                                let b = fixed[second]
                                body(Int(bases[outer + b]) + (row[a] * sizes[b] + row[b]) * width, outer + b)
                            }
                        }
                    default:
                        for first in 0..<end {
                            let a = fixed[first]
                            for second in first + 1..<max(end, first + 1) {
                                let b = fixed[second]
                                let outer = ((parameter * count + a) * count + b) * count
                                let upper = row[a] * sizes[b] + row[b]
                                for third in second + 1..<max(end, second + 1) {
                                    let c = fixed[third]
                                    body(Int(bases[outer + c]) + (upper * sizes[c] + row[c]) * width, outer + c)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How many entries a parameter has beside so many fixed ones.
    func entries(beside fixed: Int) -> Int {
        var product = 1
        for index in 0..<ways - 1 { product = product * (fixed - index) / (index + 1) }
        return max(product, 0)
    }

    /// Adds to `gains`, for each value of `parameter`, how many uncovered combinations it makes with the values of `fixed`.
    func gains(of parameter: Int, beside fixed: ArraySlice<Int>, in row: [Int], into gains: inout [Int]) {
        for value in 0..<sizes[parameter] { gains[value] = 0 }
        let width = wordsPerEntry[parameter]
        gains.withUnsafeMutableBufferPointer { gains in
            forEachEntry(parameter, fixed, row) { entry, _ in
                for index in 0..<width {
                    var word = words[entry + index]
                    while word != 0 {
                        gains[index &* Word.bitWidth &+ word.trailingZeroBitCount] &+= 1
                        word &= word &- 1
                    }
                }
            }
        }
    }

    /// Takes the row's combinations out; gives how many were uncovered.
    func cover(_ row: [Int]) -> Int {
        var cleared = 0
        var others = Array(0..<sizes.count)
        for parameter in sizes.indices {
            others.remove(at: parameter)
            let (index, bit) = (row[parameter] / Word.bitWidth, Word(1) << Word(row[parameter] % Word.bitWidth))
            forEachEntry(parameter, others[...], row) { entry, place in
                if words[entry + index] & bit != 0 {
                    words[entry + index] &= ~bit
                    remaining[Int(groups[place])] -= 1
                    cleared += 1
                }
            }
            others.insert(parameter, at: parameter)
        }
        uncovered -= cleared / ways
        return cleared / ways
    }

    // MARK: Filling

    /// For the values of `others` in `row`, marks each value of each other parameter that `allowed` as to be covered.
    func require(_ others: [Int], in row: [Int], allowed: [UInt8], starts: [Int]) {
        let count = sizes.count
        for parameter in 0..<count where !others.contains(parameter) {
            let place = others.reduce(parameter) { $0 * count + $1 }
            let entry = others.reduce(0) { $0 * sizes[$1] + row[$1] } * wordsPerEntry[parameter] + Int(bases[place])
            for value in 0..<sizes[parameter] where allowed[starts[parameter] + value] == 1 {
                let bit = Word(1) << Word(value % Word.bitWidth)
                if words[entry + value / Word.bitWidth] & bit == 0 {
                    words[entry + value / Word.bitWidth] |= bit
                    remaining[Int(groups[place])] += 1
                }
            }
        }
    }

    /// To be called when all is marked.
    func finishRequiring() { uncovered = remaining.reduce(0, +) / ways }

    // MARK: Looking

    /// Writes an uncovered combination of a group that has some into `row`, the first from a place that chance names.
    func placeUncovered(of group: Int, into row: inout [Int], _ chance: inout SplitMix64) {
        let list = members[group]
        let parameter = list[0]
        let width = wordsPerEntry[parameter]
        let start = groupStarts[group]
        let length = list.dropFirst().reduce(width) { $0 * sizes[$1] }
        var offset = chance.next(below: length)
        while words[start + offset] == 0 { offset = offset + 1 == length ? 0 : offset + 1 }
        let word = words[start + offset]
        var skip = chance.next(below: word.nonzeroBitCount)
        var bits = word
        while skip > 0 {
            bits &= bits - 1
            skip -= 1
        }
        row[parameter] = offset % width * Word.bitWidth + bits.trailingZeroBitCount
        var entry = offset / width
        for other in list.dropFirst().reversed() {
            row[other] = entry % sizes[other]
            entry /= sizes[other]
        }
    }

    /// A copy of what is uncovered, and back.
    func snapshot() -> [Word] { Array(UnsafeBufferPointer(start: words, count: wordsCount)) }

    func restore(_ snapshot: [Word]) {
        for index in 0..<wordsCount { words[index] = snapshot[index] }
        for group in members.indices {
            let end = group + 1 < groupStarts.count ? groupStarts[group + 1] : wordsCount
            remaining[group] = (groupStarts[group]..<end).reduce(0) { $0 + snapshot[$1].nonzeroBitCount }
        }
        finishRequiring()
    }

    /// For the combinations that `isRequired` (a snapshot) names: calls with a number for each that the row has. Each
    /// combination is met once, and numbers are below the table's count of words times their width.
    func forEachRequired(in row: [Int], isRequired: [Word], _ body: (Int) -> Void) {
        for parameter in (ways - 1)..<max(sizes.count, ways - 1) {
            let (index, shift) = (row[parameter] / Word.bitWidth, row[parameter] % Word.bitWidth)
            forEachEntry(parameter, Array(0..<parameter)[...], row) { entry, _ in
                if isRequired[entry + index] & (Word(1) << Word(shift)) != 0 {
                    body((entry + index) * Word.bitWidth + shift)
                }
            }
        }
    }
}
