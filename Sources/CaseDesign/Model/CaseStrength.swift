/// How many parameters are combined: every valid combination of values of any so many parameters is in some row.
public enum CaseStrength: Sendable, Hashable, CustomStringConvertible {
    /// 1…4.
    case ways(Int)
    /// Every valid row.
    case all

    public static let waysMax = 4

    /// `1` … `4` or `all`; nil for anything else.
    public init?(_ text: String) {
        if text == "all" {
            self = .all
        } else if let ways = Int(text), (1...Self.waysMax).contains(ways) {
            self = .ways(ways)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .ways(let ways): "\(ways)"
        case .all: "all"
        }
    }
}
