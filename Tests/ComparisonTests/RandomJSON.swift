/// JSON documents for property tests: no name twice in an object, and every value can be changed in one place.
indirect enum RandomJSON {
    case literal(String)
    case array([RandomJSON])
    case object([(name: String, value: RandomJSON)])

    /// Spelled so that no two spell the same name.
    private static let names = [
        "id", "amount", "netInterest", "x y", "it's", "", "한글", #"quo\"te"#, #"back\\slash"#, #"tab\t"#, #"\u00e9"#,
        #"\ud83d\ude00"#,
        #"lone\ud800"#, "a.b", "a[0]", "*", "very_long_name_of_a_member_beyond_eight_bytes",
    ]
    private static let literals = [
        "0", "-0", "1", "1.0", "1e2", "100", "-2.5e-3", "90071992547409.93", "1e999999999", "null", "true", "false", #""""#,
        #""a""#,
        #""\u0061""#, #""한""#, #""\ud800""#, #""longer text with \"escapes\" \n in it""#, #""2026-03-02T00:30:00+09:00""#,
    ]

    static func any(_ random: inout SplitMix64, depth: Int = 4) -> RandomJSON {
        switch Int.random(in: 0..<(depth == 0 ? 1 : 4), using: &random) {
        case 1:
            return .array((0..<Int.random(in: 0...5, using: &random)).map { _ in any(&random, depth: depth - 1) })
        case 2, 3:
            let names = names.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random))
            return .object(names.map { ($0, any(&random, depth: depth - 1)) })
        default:
            return .literal(literals[Int.random(in: 0..<literals.count, using: &random)])
        }
    }

    /// The text, with white space sprinkled in.
    func text(_ random: inout SplitMix64) -> String {
        func space(_ random: inout SplitMix64) -> String { [" ", "", "", "\n", "\t "][Int.random(in: 0..<5, using: &random)] }
        switch self {
        case .literal(let text):
            return space(&random) + text + space(&random)
        case .array(let elements):
            return "[" + elements.map { $0.text(&random) }.joined(separator: ",") + space(&random) + "]"
        case .object(let members):
            return "{"
                + members.map { "\(space(&random))\"\($0.name)\"\(space(&random)):\($0.value.text(&random))" }.joined(
                    separator: ",")
                + space(&random) + "}"
        }
    }

    func permuted(_ random: inout SplitMix64) -> RandomJSON {
        switch self {
        case .literal: self
        case .array(let elements): .array(elements.map { $0.permuted(&random) })
        case .object(let members): .object(members.map { ($0.name, $0.value.permuted(&random)) }.shuffled(using: &random))
        }
    }

    /// One leaf (or empty container) replaced by a value that is nowhere else; nil when chance found none.
    func mutated(_ random: inout SplitMix64) -> RandomJSON {
        switch self {
        case .array(var elements) where !elements.isEmpty:
            let index = Int.random(in: 0..<elements.count, using: &random)
            elements[index] = elements[index].mutated(&random)
            return .array(elements)
        case .object(var members) where !members.isEmpty:
            let index = Int.random(in: 0..<members.count, using: &random)
            members[index].value = members[index].value.mutated(&random)
            return .object(members)
        default:
            return .literal(#""the mutation""#)
        }
    }
}
