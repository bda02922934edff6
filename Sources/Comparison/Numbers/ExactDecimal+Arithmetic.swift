extension ExactDecimal {
    /// `|self - other|`; nil when it takes more than ``digitsMax`` digits.
    public func distance(to other: ExactDecimal) -> ExactDecimal? {
        let lowest = isZero ? other.exponent : other.isZero ? exponent : min(exponent, other.exponent)
        guard let left = expanded(to: lowest), let right = other.expanded(to: lowest) else { return nil }
        let result =
            isNegative != other.isNegative
            ? Self.sum(left, right)
            : magnitude < other.magnitude ? Self.difference(right, left) : Self.difference(left, right)
        return ExactDecimal(isNegative: false, digits: result, exponent: lowest)
    }

    /// The product; nil when it takes more than ``digitsMax`` digits or its exponent is beyond ``exponentMax``.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        if isZero || other.isZero { return .zero }
        guard digits.count + other.digits.count <= Self.digitsMax else { return nil }
        let exponent = exponent + other.exponent
        guard exponent.magnitude <= Self.exponentMax.magnitude else { return nil }
        var columns = [Int](repeating: 0, count: digits.count + other.digits.count)
        for (i, left) in digits.enumerated() {
            for (j, right) in other.digits.enumerated() { columns[i + j + 1] += Int(left) * Int(right) }
        }
        var carry = 0
        var product = [UInt8](repeating: 0, count: columns.count)
        for column in columns.indices.reversed() {
            let value = columns[column] + carry
            product[column] = UInt8(value % 10)
            carry = value / 10
        }
        return ExactDecimal(isNegative: isNegative != other.isNegative, digits: product, exponent: exponent)
    }

    /// Whether the two are at most `absolute` apart, or at most `relative` times the larger magnitude. False when that can't be
    /// worked out within the bounds: a difference is then reported rather than forgiven.
    func isWithin(absolute: ExactDecimal?, relative: ExactDecimal?, of other: ExactDecimal) -> Bool {
        guard let distance = distance(to: other) else { return false }
        if let absolute, distance <= absolute { return true }
        guard let relative, let allowed = max(magnitude, other.magnitude).multiplied(by: relative) else { return false }
        return distance <= allowed
    }

    /// The digits as they stand over 10^`lowest`.
    private func expanded(to lowest: Int) -> [UInt8]? {
        if isZero { return [] }
        let zeros = exponent - lowest
        guard zeros <= Self.digitsMax, digits.count + zeros <= Self.digitsMax else { return nil }
        return digits + [UInt8](repeating: 0, count: zeros)
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: max(left.count, right.count) + 1)
        var carry: UInt8 = 0
        for place in 1...result.count {
            let digit =
                (place <= left.count ? left[left.count - place] : 0) + (place <= right.count ? right[right.count - place] : 0)
            result[result.count - place] = (digit + carry) % 10
            carry = (digit + carry) / 10
        }
        return result
    }

    /// `left` is not the smaller one.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        var borrow: Int8 = 0
        for place in stride(from: 1, through: left.count, by: 1) {
            var digit = Int8(left[left.count - place]) - borrow - (place <= right.count ? Int8(right[right.count - place]) : 0)
            borrow = digit < 0 ? 1 : 0
            if digit < 0 { digit += 10 }
            result[left.count - place] = UInt8(digit)
        }
        return result
    }
}
