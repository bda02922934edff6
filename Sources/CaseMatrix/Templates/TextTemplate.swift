import RuleFiles

/// A text with `${…}` in it.
struct TextTemplate: Sendable {
    enum Part: Sendable {
        case literal(String)
        case sum(TemplateSum)
    }

    let parts: [Part]

    /// The text, where nothing in it depends on the row.
    var literal: String? {
        switch parts.first {
        case nil: return ""
        case .literal(let text) where parts.count == 1: return text
        default: return nil
        }
    }

    /// `${x}` alone keeps the type of x; anything else is a text.
    func value(_ values: RowValues) throws(ConfigurationError) -> VariableValue {
        if parts.count == 1, case .sum(let sum) = parts[0] { return try sum.value(values) }
        return .text(try text(values))
    }

    func text(_ values: RowValues) throws(ConfigurationError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .sum(let sum): text += try sum.value(values).text
            }
        }
        return text
    }
}

/// `${name}`, `${today-1}`, `${balance-held+1}`, `${-dip}`: names and whole numbers, added or taken off from left to right.
///
/// The reader has checked the kinds: numbers and numbers make a number, a date and a number of days a date, two dates their distance.
struct TemplateSum: Sendable {
    enum Operand: Sendable {
        case number(Int128)
        case name(NameReference)
    }

    struct Term: Sendable {
        let isNegative: Bool
        let operand: Operand
    }

    /// A leading minus takes the name behind it from nought.
    let first: Operand
    let rest: [Term]
    let place: SourcePlace

    func value(_ values: RowValues) throws(ConfigurationError) -> VariableValue {
        var value: VariableValue
        switch first {
        case .number(let number): value = .amount(number)
        case .name(let name): value = values.value(name)
        }
        for term in rest {
            switch (value, try operand(term.operand, values)) {
            case (.date(let day), .date(let other)) where term.isNegative:
                value = .amount(Int128(day.days - other.days))
            case (.date(let day), .amount(let count)):
                guard count.magnitude < 1 << 64, let moved = day.advanced(by: term.isNegative ? -count : count) else {
                    throw place.complaint("\(day) \(term.isNegative ? "-" : "+") \(count) days is beyond the years 1 … 9999")
                }
                value = .date(moved)
            case (let left, .amount(let right)):
                value = .amount(try total(left, right, isNegative: term.isNegative))
            default:
                throw place.complaint("these can't be added")
            }
        }
        return value
    }

    private func operand(_ operand: Operand, _ values: RowValues) throws(ConfigurationError) -> VariableValue {
        switch operand {
        case .number(let number): return .amount(number)
        case .name(let name):
            let value = values.value(name)
            if case .date = value { return value }
            return .amount(try number(value))
        }
    }

    private func number(_ value: VariableValue) throws(ConfigurationError) -> Int128 {
        if case .amount(let amount) = value { return amount }
        guard let number = WholeNumber.read(value.text) else { throw place.complaint("`\(value.text)` is not a whole number") }
        return number
    }

    private func total(_ left: VariableValue, _ right: Int128, isNegative: Bool) throws(ConfigurationError) -> Int128 {
        let left = try number(left)
        let (sum, overflow) =
            isNegative ? left.subtractingReportingOverflow(right) : left.addingReportingOverflow(right)
        guard !overflow else { throw place.complaint("\(left) \(isNegative ? "-" : "+") \(right) takes more than 128 bits") }
        return sum
    }
}
