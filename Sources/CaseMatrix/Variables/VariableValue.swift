/// What a name stands for in one row.
enum VariableValue: Sendable, Hashable {
    case text(String)
    case amount(Int128)
    case date(DayNumber)
    /// The index among the variable's choices, and its text.
    case choice(Int, String)
    /// A parameter's value that is written in JSON as it stands: a number, `true`, `false` or `null`.
    case literal(String)

    var text: String {
        switch self {
        case .text(let text), .choice(_, let text), .literal(let text): text
        case .amount(let amount): String(amount)
        case .date(let day): day.description
        }
    }

    /// Alone in a scalar, a value keeps its type.
    var isText: Bool {
        switch self {
        case .text, .date, .choice: true
        case .amount, .literal: false
        }
    }
}

extension SuiteVariable.Kind {
    /// Reads a text as a value of this kind; nil when it is none. Choices are read by the variable, which knows them.
    func value(_ text: String) -> VariableValue? {
        switch self {
        case .amount: WholeNumber.read(text).map { .amount($0) }
        case .date: DayNumber(text).map { .date($0) }
        case .text, .choice: .text(text)
        }
    }

    var expected: String {
        switch self {
        case .amount: "a whole number, as `1314000` or `-1`"
        case .date: "a date, as `2026-03-02`"
        case .text: "a text"
        case .choice: "one of the choices"
        }
    }
}

/// Whole numbers as JSON writes them: no plus, no leading zeros.
enum WholeNumber {
    static func read(_ text: some StringProtocol) -> Int128? {
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            first != 0x30 || digits.utf8.count == 1, text != "-0"
        else { return nil }
        return Int128(text)
    }
}
