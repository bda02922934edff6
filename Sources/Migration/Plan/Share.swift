/// A share of keys, or a rate of comparisons, kept exactly: thousandths of a per cent. Written as text: `0.5 %`.
public struct Share: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 0 … 100 000.
    public let thousandths: Int

    /// Nil outside of 0 … 100 000.
    public init?(thousandths: Int) {
        guard (0...100_000).contains(thousandths) else { return nil }
        self.thousandths = thousandths
    }

    private init(known thousandths: Int) { self.thousandths = thousandths }

    public static let none = Share(known: 0)
    public static let all = Share(known: 100_000)

    public static func < (left: Share, right: Share) -> Bool { left.thousandths < right.thousandths }

    /// `0.5 %`
    public var description: String { digits + " %" }

    /// Legacy's share, then the candidate's, when this is the candidate's: `99.5/0.5`.
    public var split: String { "\(Share(known: 100_000 - thousandths).digits)/\(digits)" }

    /// For statistics only: a key's placement is decided in whole thousandths.
    var fraction: Double { Double(thousandths) / 100_000 }

    private var digits: String {
        var text = "\(thousandths / 1_000)." + String(String(thousandths % 1_000 + 1_000).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}

extension Share: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let thousandths = try container.decode(Int.self)
        guard let share = Share(thousandths: thousandths) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(thousandths) is not between 0 and 100000 thousandths of a per cent.")
        }
        self = share
    }

    /// As a whole number of thousandths of a per cent.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(thousandths)
    }
}
