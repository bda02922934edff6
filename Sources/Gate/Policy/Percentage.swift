internal import RuleFiles

/// A share, kept exactly: thousandths of a per cent. Written as text: `0.5%`.
public struct Percentage: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// 0 … 100 000.
    public var thousandths: Int

    public init(thousandths: Int) { self.thousandths = thousandths }

    public static let none = Percentage(thousandths: 0)
    public static let all = Percentage(thousandths: 100_000)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let thousandths = Quantities.thousandthsOfPercent(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no percentage.")
        }
        self.thousandths = thousandths
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits + "%")
    }

    public static func < (left: Percentage, right: Percentage) -> Bool { left.thousandths < right.thousandths }

    /// `0.5 %`
    public var description: String { digits + " %" }

    /// For statistics only: shares of counts are compared exactly.
    var fraction: Double { Double(thousandths) / 100_000 }

    /// Whether `part` of `whole` is at least this share.
    func isReached(by part: Int, of whole: Int) -> Bool { Int128(part) * 100_000 >= Int128(thousandths) * Int128(whole) }

    /// Whether `part` of `whole` is more than this share.
    func isExceeded(by part: Int, of whole: Int) -> Bool { Int128(part) * 100_000 > Int128(thousandths) * Int128(whole) }

    /// As an upper limit in a sentence: `none`, `at most 0.5 %`.
    var asLimit: String { self == .none ? "none" : "at most \(self)" }

    private var digits: String {
        var text = "\(thousandths / 1_000)." + String(String(thousandths % 1_000 + 1_000).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
