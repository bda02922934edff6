// What a rule at the place says about two values that are written differently.
extension Walk {
    /// Whether a rule forgives that two strings differ.
    func forgives(_ p: Int, _ s: Int) -> Bool {
        guard rules.hasActions else { return false }
        if matchPattern(p, s) || isWithinTime(p, s) { return true }
        if rules.last(where: { $0 == .caseInsensitive }) != nil, areEqualWithoutCase(p, s) { return true }
        guard JSONScanner.isNumber(primary.text(p)), JSONScanner.isNumber(shadow.text(s)),
            let left = DecimalText(primary.text(p)), let right = DecimalText(shadow.text(s))
        else { return false }
        return isWithinTolerance(left, right)
    }

    func isWithinTolerance(_ left: DecimalText, _ right: DecimalText) -> Bool {
        let rule = rules.last { if case .tolerance = $0 { true } else { false } }
        guard case .tolerance(let absolute, let relative) = rule else { return false }
        guard let left = ExactDecimal(left), let right = ExactDecimal(right) else { return false }
        return left.isWithin(absolute: absolute, relative: relative, of: right)
    }

    func matchPattern(_ p: Int, _ s: Int) -> Bool {
        guard case .pattern(let pattern) = rules.last(where: { if case .pattern = $0 { true } else { false } }) else {
            return false
        }
        return pattern.matches(String(decoding: primary.decoded(p), as: UTF8.self))
            && pattern.matches(String(decoding: shadow.decoded(s), as: UTF8.self))
    }

    private func isWithinTime(_ p: Int, _ s: Int) -> Bool {
        let rule = rules.last { if case .timeWithin = $0 { true } else { false } }
        guard case .timeWithin(let milliseconds) = rule, let left = InstantText(primary.decoded(p)),
            let right = InstantText(shadow.decoded(s))
        else { return false }
        return left.isWithin(milliseconds: milliseconds, of: right)
    }

    private func areEqualWithoutCase(_ p: Int, _ s: Int) -> Bool {
        // Text with an unpaired surrogate has no case, and repairing it would make different texts equal.
        guard let left = String(validating: primary.decoded(p), as: UTF8.self),
            let right = String(validating: shadow.decoded(s), as: UTF8.self)
        else { return false }
        // By bytes: String's own equality would take composed and decomposed accents for the same.
        return left.lowercased().utf8.elementsEqual(right.lowercased().utf8)
    }
}
