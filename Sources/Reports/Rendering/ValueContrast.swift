/// Two values split where they part: what they begin and end with alike, and the middle in which they differ.
package struct ValueContrast: Hashable {
    package var head: String
    package var legacy: String
    package var candidate: String
    package var tail: String

    package init(legacy: String, candidate: String) {
        let left = Array(legacy)
        let right = Array(candidate)
        let shorter = min(left.count, right.count)
        var head = 0
        while head < shorter, left[head] == right[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, left[left.count - 1 - tail] == right[right.count - 1 - tail] { tail += 1 }
        self.head = String(left[..<head])
        self.legacy = String(left[head..<(left.count - tail)])
        self.candidate = String(right[head..<(right.count - tail)])
        self.tail = String(left[(left.count - tail)...])
    }
}
