import Foundation
import RuleFiles

/// Compiles texts with `${…}`, conditions, tables and trees. What is wrong is complained about where it stands.
struct TemplateReader {
    var scope: NameScope

    // MARK: Texts

    func template(_ value: YAMLValue, _ what: String = "a text") -> TextTemplate? {
        value.text(what).flatMap { template($0, at: value) }
    }

    func template(_ text: String, at value: YAMLValue) -> TextTemplate? {
        var parts: [TextTemplate.Part] = []
        var rest = text[...]
        while let start = rest.range(of: "${") {
            append(String(rest[..<start.lowerBound]), to: &parts)
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                value.complain("`}` is missing after `\(rest[start.lowerBound...])`")
                return nil
            }
            guard let inner = expression(String(rest[start.upperBound..<end]), at: value) else { return nil }
            for part in inner {
                if case .literal(let text) = part { append(text, to: &parts) } else { parts.append(part) }
            }
            rest = rest[rest.index(after: end)...]
        }
        append(String(rest), to: &parts)
        return TextTemplate(parts: parts)
    }

    private func append(_ literal: String, to parts: inout [TextTemplate.Part]) {
        guard !literal.isEmpty else { return }
        if case .literal(let before) = parts.last {
            parts[parts.count - 1] = .literal(before + literal)
        } else {
            parts.append(.literal(literal))
        }
    }

    /// What stands between `${` and `}`: names and whole numbers with a sign between them; a minus may lead.
    private func expression(_ text: String, at value: YAMLValue) -> [TextTemplate.Part]? {
        guard let words = words(text, at: value) else { return nil }
        if words.count == 1, !words[0].isNegative, let argument = scope.arguments[words[0].word] { return argument.parts }
        var sum: (first: TemplateSum.Operand, kind: NameScope.Kind)?
        if words[0].isNegative { sum = (.number(0), .number) }
        var terms: [TemplateSum.Term] = []
        for (isNegative, word) in words {
            guard let (operand, kind) = operand(word, in: text, at: value) else { return nil }
            guard let before = sum else {
                sum = (operand, kind)
                continue
            }
            switch (before.kind, kind) {
            case (.number, .number), (.date, .number): break
            case (.date, .date) where isNegative: sum = (before.first, .number)
            default:
                value.complain(
                    "`${\(text)}`: sums are made of whole numbers, of a date and a number of days, or of one date less another")
                return nil
            }
            terms.append(TemplateSum.Term(isNegative: isNegative, operand: operand))
        }
        return sum.map { [.sum(TemplateSum(first: $0.first, rest: terms, place: value.place))] }
    }

    /// At least one word; nil after a complaint.
    private func words(_ text: String, at value: YAMLValue) -> [(isNegative: Bool, word: String)]? {
        var words: [(isNegative: Bool, word: String)] = []
        var isNegative = false
        var word = ""
        for character in text + "+" {
            guard character == "+" || character == "-" else {
                if character != " " { word.append(character) }
                continue
            }
            if word.isEmpty, words.isEmpty, character == "-", !isNegative {
                isNegative = true
                continue
            }
            guard !word.isEmpty else {
                value.complain("`${\(text)}`: a name or a whole number is missing")
                return nil
            }
            words.append((isNegative, word))
            isNegative = character == "-"
            word = ""
        }
        return words
    }

    private func operand(
        _ word: String, in text: String, at value: YAMLValue
    ) -> (operand: TemplateSum.Operand, kind: NameScope.Kind)? {
        if let number = WholeNumber.read(word) { return (.number(number), .number) }
        return name(word, in: text, at: value).map { (.name($0), scope.kind($0)) }
    }

    private func name(_ word: String, in text: String, at value: YAMLValue) -> NameReference? {
        if let reference = scope.reference(word), scope.arguments[word] == nil { return reference }
        if scope.arguments[word] != nil {
            value.complain("`${\(text)}`: `\(word)` is an argument of the call, and sums can't be made of arguments")
        } else {
            value.complain("`${\(text)}`: there is no parameter or variable `\(word)` here" + NameScope.hint(word, scope.names))
        }
        return nil
    }

    // MARK: Conditions and tables

    /// `{customer: NORMAL, account: [ACTIVE, SEIZED], pots: {not: none}}`, or a list of such mappings, one of which must hold.
    func condition(_ value: YAMLValue) -> Condition? {
        guard !value.isSequence else {
            let alternatives = value.elements()?.compactMap(parts) ?? []
            return Condition(alternatives: alternatives)
        }
        return parts(value).map { Condition(alternatives: [$0]) }
    }

    private func parts(_ value: YAMLValue) -> [Condition.Part]? {
        guard let members = value.members("for each parameter the values for which this holds") else { return nil }
        if members.isEmpty { value.complain("a condition names at least one parameter") }
        return members.compactMap { member in
            guard let chooser = scope.chooser(member.name, complain: member.complainOfName) else { return nil }
            let known = scope.values(chooser)
            var listed = member.value
            var isNegated = false
            if listed.isMapping {
                guard let section = listed.section(SuiteKeys.not),
                    let value = section.required("not", "the values for which this does not hold")
                else { return nil }
                listed = value
                isNegated = true
            }
            var allowed = [Bool](repeating: isNegated, count: known.count)
            for (text, value) in listed.texts("a value of `\(member.name)`") {
                guard let index = index(of: text, in: known, of: member.name, at: value) else { continue }
                allowed[index] = !isNegated
            }
            return Condition.Part(chooser: chooser, allowed: allowed)
        }
    }

    private func index(of text: String, in known: [String], of name: String, at value: YAMLValue) -> Int? {
        guard let index = known.firstIndex(of: text) else {
            value.complain("`\(name)` has no value `\(text)`" + NameScope.hint(text, known))
            return nil
        }
        return index
    }

    /// One entry for each value of the chooser, read by `read`; `else` stands for values that are not named.
    func table<Entry>(
        by name: YAMLValue, of value: YAMLValue, _ read: (YAMLValue) -> Entry?
    ) -> (chooser: Chooser, entries: [Entry])? {
        guard let word = name.text("a parameter or a variable of kind choice"),
            let chooser = scope.chooser(word, complain: name.complain),
            let members = value.members("an entry for each value of `\(word)`, or `else`")
        else { return nil }
        let known = scope.values(chooser)
        var entries = [Entry?](repeating: nil, count: known.count)
        var named = [Bool](repeating: false, count: known.count)
        var otherwise: YAMLMember?
        var isSound = true
        for member in members {
            if member.name == "else", !known.contains("else") {
                otherwise = member
            } else if let index = known.firstIndex(of: member.name) {
                named[index] = true
                entries[index] = read(member.value)
                if entries[index] == nil { isSound = false }
            } else {
                member.complainOfName("`\(word)` has no value `\(member.name)`" + NameScope.hint(member.name, known))
                isSound = false
            }
        }
        let missing = known.indices.filter { !named[$0] }
        if let otherwise {
            if missing.isEmpty { otherwise.complainOfName("every value of `\(word)` is named, so that `else` never holds") }
            guard let entry = read(otherwise.value) else { return nil }
            for index in missing { entries[index] = entry }
        } else if !missing.isEmpty {
            value.complain("no entry for \(YAMLValue.list(missing.map { known[$0] })) of `\(word)`; name them or write `else`")
            return nil
        }
        let complete = entries.compactMap(\.self)
        return isSound && complete.count == known.count ? (chooser, complete) : nil
    }
}
