/// A decimal number read in place from its text: nothing is copied, nothing rounded, no exponent is too large.
///
/// The value is `0.d₁d₂…dₙ × 10^(exponent + shift)`, with d₁ and dₙ not zero; zero has no digits. Two numbers are ordered by sign,
/// then by `exponent + shift`, then digit by digit, so that `1e999999999` costs no more than `1`.
struct DecimalText {
    let isNegative: Bool
    /// From the first digit that is not zero to the last; a point may stand among them.
    let digits: UnsafeRawBufferPointer
    /// Digits between the decimal point and the first digit that is not zero, counted towards the left.
    let shift: Int
    let exponentIsNegative: Bool
    /// Digits of the exponent without leading zeros.
    let exponentDigits: UnsafeRawBufferPointer

    var isZero: Bool { digits.isEmpty }

    /// Takes `[+-] digits [. digits] [e [+-] digits]`, with at least one digit before or after the point: what JSON allows and more.
    init?(_ text: UnsafeRawBufferPointer) {
        var at = 0
        let end = text.count
        func isDigit(_ index: Int) -> Bool { index < end && text[index] &- 0x30 < 10 }

        var negative = false
        if at < end, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
            negative = text[at] == UInt8(ascii: "-")
            at += 1
        }
        var first = -1
        var last = -1
        var digitsSeen = 0
        var point = -1
        while at < end {
            if isDigit(at) {
                digitsSeen += 1
                if text[at] != 0x30 {
                    if first < 0 { first = at }
                    last = at
                }
            } else if text[at] == UInt8(ascii: "."), point < 0 {
                point = at
            } else {
                break
            }
            at += 1
        }
        guard digitsSeen > 0 else { return nil }
        let pointAt = point < 0 ? at : point

        var exponentNegative = false
        var exponentStart = at
        if at < end {
            guard text[at] | 0x20 == UInt8(ascii: "e") else { return nil }
            at += 1
            if at < end, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
                exponentNegative = text[at] == UInt8(ascii: "-")
                at += 1
            }
            guard isDigit(at) else { return nil }
            while at < end, text[at] == 0x30 { at += 1 }
            exponentStart = at
            while isDigit(at) { at += 1 }
            guard at == end else { return nil }
        }
        self.isNegative = negative
        self.digits = UnsafeRawBufferPointer(rebasing: first < 0 ? text[0..<0] : text[first...last])
        // 12.5 → 0.125 × 10², 0.05 → 0.5 × 10⁻¹
        self.shift = first < 0 ? 0 : first < pointAt ? pointAt - first : pointAt + 1 - first
        self.exponentIsNegative = exponentNegative
        self.exponentDigits = UnsafeRawBufferPointer(rebasing: text[exponentStart..<at])
    }

    /// The exponent where it has at most 17 digits.
    var exponent: Int? {
        guard exponentDigits.count <= 17 else { return nil }
        var value = 0
        for digit in exponentDigits { value = value * 10 + Int(digit - 0x30) }
        return exponentIsNegative ? -value : value
    }

    /// -1, 0 or 1 as the left value is less than, equal to or greater than the right one. `-0` equals `0`.
    static func order(_ left: DecimalText, _ right: DecimalText) -> Int {
        if left.isZero || right.isZero {
            if left.isZero, right.isZero { return 0 }
            if left.isZero { return right.isNegative ? 1 : -1 }
            return left.isNegative ? -1 : 1
        }
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        let byMagnitude = magnitudeOrder(left, right)
        return left.isNegative ? -byMagnitude : byMagnitude
    }

    private static func magnitudeOrder(_ left: DecimalText, _ right: DecimalText) -> Int {
        let scale: Int
        if let leftExponent = left.exponent, let rightExponent = right.exponent {
            scale = (leftExponent + left.shift) - (rightExponent + right.shift)
        } else {
            scale = exponentDistance(left, right) + left.shift - right.shift
        }
        if scale != 0 { return scale < 0 ? -1 : 1 }
        var leftAt = 0
        var rightAt = 0
        while true {
            if leftAt < left.digits.count, left.digits[leftAt] == UInt8(ascii: ".") { leftAt += 1 }
            if rightAt < right.digits.count, right.digits[rightAt] == UInt8(ascii: ".") { rightAt += 1 }
            let leftEnds = leftAt >= left.digits.count
            let rightEnds = rightAt >= right.digits.count
            // Neither ends in a zero: the longer one is the greater one.
            if leftEnds || rightEnds { return leftEnds ? (rightEnds ? 0 : -1) : 1 }
            if left.digits[leftAt] != right.digits[rightAt] { return left.digits[leftAt] < right.digits[rightAt] ? -1 : 1 }
            leftAt += 1
            rightAt += 1
        }
    }

    /// The left exponent less the right one, exactly where it is small and a number beyond any shift where it is not.
    private static func exponentDistance(_ left: DecimalText, _ right: DecimalText) -> Int {
        let far = 1 << 56
        if left.exponentIsNegative != right.exponentIsNegative { return left.exponentIsNegative ? -far : far }
        let length = max(left.exponentDigits.count, right.exponentDigits.count)
        func digit(_ digits: UnsafeRawBufferPointer, _ place: Int) -> Int {
            let index = place - (length - digits.count)
            return index < 0 ? 0 : Int(digits[index]) - 0x30
        }
        var distance = 0
        for place in 0..<length {
            distance = distance * 10 + digit(left.exponentDigits, place) - digit(right.exponentDigits, place)
            // From 2 on the digits that follow can't bring it back.
            if distance > far / 16 || distance < -far / 16 {
                distance = distance < 0 ? -far : far
                break
            }
        }
        return left.exponentIsNegative ? -distance : distance
    }
}
