/// Finds what a mistyped word was meant to be.
package enum NearestWord {
    /// The candidate that takes the fewest edits, if these are few for the word's length.
    package static func to(_ word: String, among candidates: [String]) -> String? {
        let scored = candidates.map { (word: $0, edits: edits(word.lowercased(), $0)) }
        guard let best = scored.min(by: { $0.edits < $1.edits }), best.edits <= max(1, word.count / 3) else { return nil }
        return best.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    package static func edits(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for i in 0...left.count { rows[i][0] = i }
        for j in 0...right.count { rows[0][j] = j }
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        for i in 1...left.count {
            for j in 1...right.count {
                rows[i][j] = min(
                    rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1))
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[left.count][right.count]
    }
}
