import Comparison

/// How two values are compared: numbers exactly, texts without regard to case.
enum ConstraintRelation: String {
    case equal = "="
    case different = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// Both are numbers or both are taken as texts.
    func holds(_ left: CaseValue, _ right: CaseValue) -> Bool {
        let isLess: Bool
        let isEqual: Bool
        if let first = left.number, let second = right.number {
            isLess = first < second
            isEqual = first == second
        } else {
            isEqual = CaseText.equal(left.name, right.name)
            isLess = !isEqual && CaseText.less(left.name, right.name)
        }
        return switch self {
        case .equal: isEqual
        case .different: !isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        }
    }
}

/// PICT's LIKE: `*` stands for any run of characters, `?` for one; case does not matter.
struct WildcardPattern {
    private let pattern: [Character]

    init(_ pattern: String) { self.pattern = Array(pattern.lowercased()) }

    /// Linear space and at most pattern × text steps: no pattern makes it slow.
    func matches(_ text: String) -> Bool {
        var reached = [Bool](repeating: false, count: pattern.count + 1)
        reached[0] = true
        for index in pattern.indices where pattern[index] == "*" && reached[index] { reached[index + 1] = true }
        for character in text.lowercased() {
            var next = [Bool](repeating: false, count: pattern.count + 1)
            for index in pattern.indices {
                switch pattern[index] {
                case "*":
                    if reached[index] || reached[index + 1] || next[index] { next[index + 1] = true }
                case "?":
                    if reached[index] { next[index + 1] = true }
                default:
                    if reached[index], pattern[index] == character { next[index + 1] = true }
                }
            }
            reached = next
        }
        return reached[pattern.count]
    }
}

extension StringProtocol {
    /// Without blanks at either end.
    var trimmingBlanks: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
