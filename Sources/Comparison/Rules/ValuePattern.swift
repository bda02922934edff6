/// A pattern for a whole value: `PAY-[0-9]{8}`, `\d+\.\d{2}`, `(MOBILE|ATM)`.
///
/// A regular expression in the strict sense: characters, `.`, classes, `\d \w \s` and their opposites (ASCII), groups, `|`, `*`, `+`,
/// `?` and `{m,n}`. All states are followed at once, so the time is linear in the text whatever the pattern is: a rule can't be made
/// to hang the proxy by the value that it meets. There are no back-references and no look-around, and a pattern always means the whole value.
public struct ValuePattern: Sendable, Hashable, CustomStringConvertible {
    /// Longer values never match.
    static let scalarsMax = 4_096

    /// The pattern as it was written.
    public let description: String
    private let program: [ValuePatternStep]

    public init(_ pattern: String) throws(RuleSyntaxError) {
        self.description = pattern
        self.program = try ValuePatternCompiler.compile(pattern)
    }

    public static func == (left: ValuePattern, right: ValuePattern) -> Bool { left.description == right.description }
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// Whether all of `text` matches.
    public func matches(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= Self.scalarsMax else { return false }
        var current: [Int] = []
        var next: [Int] = []
        var seen = [Bool](repeating: false, count: program.count)
        follow(0, into: &current, &seen)
        for scalar in text.unicodeScalars {
            for index in seen.indices { seen[index] = false }
            next.removeAll(keepingCapacity: true)
            for step in current {
                if case .take(let set) = program[step], set.contains(scalar.value) { follow(step + 1, into: &next, &seen) }
            }
            swap(&current, &next)
            if current.isEmpty { return false }
        }
        return current.contains { if case .match = program[$0] { true } else { false } }
    }

    private func follow(_ start: Int, into states: inout [Int], _ seen: inout [Bool]) {
        var waiting = [start]
        while let step = waiting.popLast() {
            if seen[step] { continue }
            seen[step] = true
            switch program[step] {
            case .split(let first, let second): waiting += [second, first]
            case .jump(let target): waiting.append(target)
            case .take, .match: states.append(step)
            }
        }
    }
}

enum ValuePatternStep: Sendable {
    case take(ScalarSet)
    case split(Int, Int)
    case jump(Int)
    case match
}

struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let any = ScalarSet(ranges: [], isNegated: true)

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }

    /// `d`, `w` and `s`; in upper case their opposites.
    static func named(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d": ScalarSet(ranges: [0x30...0x39])
        case "w": ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
        case "s": ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])
        case "D": ScalarSet(ranges: [0x30...0x39], isNegated: true)
        case "W": ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A], isNegated: true)
        case "S": ScalarSet(ranges: [0x09...0x0D, 0x20...0x20], isNegated: true)
        default: nil
        }
    }
}
