/// A decimal number with exactly the digits of its text. No operation rounds.
///
/// Two texts of one value (`1.0`, `10e-1`, `1`) are the same `ExactDecimal`; that they are written differently is for the comparison
/// of texts to say. There is no infinity, no NaN and no negative zero.
public struct ExactDecimal: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Exponents beyond it (either way) are refused by ``init(_:)``.
    public static let exponentMax = 1_000_000_000_000_000
    /// Results of arithmetic that would need more digits are refused: nil.
    static let digitsMax = 4_096

    public let isNegative: Bool
    /// 0…9, most significant first, neither the first nor the last is 0; none for zero.
    let digits: [UInt8]
    /// The value is `digits × 10^exponent`.
    let exponent: Int

    public static let zero = ExactDecimal(isNegative: false, digits: [], exponent: 0)

    init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        let leading = digits.prefix { $0 == 0 }.count
        let significant = digits[leading...]
        let trailing = significant.reversed().prefix { $0 == 0 }.count
        let kept = Array(significant.dropLast(trailing))
        self.isNegative = isNegative && !kept.isEmpty
        self.digits = kept
        self.exponent = kept.isEmpty ? 0 : exponent + trailing
    }

    /// Reads `-12.50`, `.5`, `1e-3`; nil for anything else and for exponents beyond ``exponentMax``.
    public init?(_ text: String) {
        let read = Array(text.utf8).withUnsafeBytes { bytes in DecimalText(bytes).flatMap { ExactDecimal($0) } }
        guard let read else { return nil }
        self = read
    }

    public init(_ value: Int) {
        self.init(isNegative: value < 0, digits: String(value.magnitude).utf8.map { $0 - 0x30 }, exponent: 0)
    }

    /// Nil when the exponent is beyond ``exponentMax``.
    init?(_ text: DecimalText) {
        guard let written = text.exponent, written.magnitude <= Self.exponentMax.magnitude else { return nil }
        let digits = text.digits.lazy.filter { $0 != UInt8(ascii: ".") }.map { $0 - 0x30 }
        self.init(isNegative: text.isNegative, digits: Array(digits), exponent: 0)
        let exponent = written + text.shift - self.digits.count
        self = ExactDecimal(isNegative: isNegative, digits: self.digits, exponent: exponent)
    }

    public var isZero: Bool { digits.isEmpty }
    public var magnitude: ExactDecimal { ExactDecimal(isNegative: false, digits: digits, exponent: exponent) }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? magnitudeIsLess(right, left) : magnitudeIsLess(left, right)
    }

    private static func magnitudeIsLess(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        if left.isZero || right.isZero { return left.isZero && !right.isZero }
        let leftScale = left.exponent + left.digits.count
        let rightScale = right.exponent + right.digits.count
        if leftScale != rightScale { return leftScale < rightScale }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }

    /// Plain where the point falls into or near the digits (`-0.0125`, `1200`), else `125e-30`.
    public var description: String {
        if isZero { return "0" }
        let sign = isNegative ? "-" : ""
        let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        if exponent >= 0, exponent <= 20 { return sign + text + String(repeating: "0", count: exponent) }
        if exponent < 0, exponent >= -20 {
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + text
            return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
        }
        return "\(sign)\(text)e\(exponent)"
    }
}
