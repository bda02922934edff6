/// Turns the text of a ``ValuePattern`` into steps.
struct ValuePatternCompiler {
    static let stepsMax = 4_096
    static let groupsDeepMax = 32

    private let text: String
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0

    static func compile(_ text: String) throws(RuleSyntaxError) -> [ValuePatternStep] {
        var compiler = ValuePatternCompiler(text: text)
        if compiler.peek == "^" { compiler.at += 1 }
        let steps = try compiler.alternatives()
        guard compiler.at == compiler.scalars.count else { throw compiler.wrong("this `)` closes nothing") }
        return steps + [.match]
    }

    private init(text: String) {
        self.text = text
        self.scalars = Array(text.unicodeScalars)
    }

    private var peek: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    // Steps are written with targets relative to their own first step and moved when they are put together.
    private mutating func alternatives() throws(RuleSyntaxError) -> [ValuePatternStep] {
        var steps = try sequence()
        while peek == "|" {
            at += 1
            let other = try sequence()
            steps =
                [.split(1, steps.count + 2)] + moved(steps, by: 1) + [.jump(steps.count + other.count + 2)]
                + moved(other, by: steps.count + 2)
            try bound(steps)
        }
        return steps
    }

    private mutating func sequence() throws(RuleSyntaxError) -> [ValuePatternStep] {
        var steps: [ValuePatternStep] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            if scalar == "$", at == scalars.count - 1 {
                at += 1
                break
            }
            let atom = try atom(scalar)
            steps += moved(try repeated(atom), by: steps.count)
            try bound(steps)
        }
        return steps
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(RuleSyntaxError) -> [ValuePatternStep] {
        at += 1
        switch scalar {
        case ".":
            return [.take(.any)]
        case "[":
            return [.take(try characterClass())]
        case "(":
            if peek == "?" {
                guard at + 1 < scalars.count, scalars[at + 1] == ":" else {
                    throw wrong("of the groups with `?` only `(?:…)` exists here")
                }
                at += 2
            }
            depth += 1
            guard depth <= Self.groupsDeepMax else { throw wrong("groups are nested more than \(Self.groupsDeepMax) deep") }
            let inner = try alternatives()
            depth -= 1
            guard peek == ")" else { throw wrong("the closing `)` is missing") }
            at += 1
            return inner
        case "\\":
            return [.take(try escape())]
        case "*", "+", "?", "{":
            at -= 1
            throw wrong("`\(scalar)` has nothing before it to repeat; the character itself is written `\\\(scalar)`")
        case "^", "$":
            at -= 1
            throw wrong("a pattern always means the whole value: `\(scalar)` can stand only at its outer end")
        default:
            return [.take(ScalarSet(ranges: [scalar.value...scalar.value]))]
        }
    }

    private mutating func repeated(_ atom: [ValuePatternStep]) throws(RuleSyntaxError) -> [ValuePatternStep] {
        guard let scalar = peek, let (least, most) = try times(scalar) else { return atom }
        if let next = peek, ["*", "+", "?", "{"].contains(next) {
            throw wrong("`\(next)` after a repetition means nothing here")
        }
        guard atom.count * max(least, most ?? 1, 1) <= Self.stepsMax else { throw wrong("the pattern is too large") }
        var steps: [ValuePatternStep] = []
        for _ in 0..<least { steps += moved(atom, by: steps.count) }
        if let most {
            for _ in least..<max(least, most) {
                let start = steps.count
                steps += [.split(start + 1, start + 1 + atom.count)] + moved(atom, by: start + 1)
            }
        } else {
            let start = steps.count
            steps += [.split(start + 1, start + 2 + atom.count)] + moved(atom, by: start + 1) + [.jump(start)]
        }
        return steps
    }

    /// How often, when a repetition stands here; `most` nil: without end.
    private mutating func times(_ scalar: Unicode.Scalar) throws(RuleSyntaxError) -> (least: Int, most: Int?)? {
        switch scalar {
        case "*":
            at += 1
            return (0, nil)
        case "+":
            at += 1
            return (1, nil)
        case "?":
            at += 1
            return (0, 1)
        case "{":
            at += 1
            guard let least = number() else { throw wrong("`{` takes `{3}`, `{3,}` or `{3,5}`, each up to 1000") }
            var most: Int? = least
            if peek == "," {
                at += 1
                most = peek == "}" ? nil : number() ?? -1
            }
            guard peek == "}", most ?? least >= least else { throw wrong("`{` takes `{3}`, `{3,}` or `{3,5}`, each up to 1000") }
            at += 1
            return (least, most)
        default:
            return nil
        }
    }

    private mutating func number() -> Int? {
        let start = at
        while let digit = peek, digit.value >= 0x30, digit.value <= 0x39, at - start < 4 { at += 1 }
        guard at > start else { return nil }
        var value = 0
        for digit in scalars[start..<at] { value = value * 10 + Int(digit.value - 0x30) }
        return value <= 1_000 ? value : nil
    }

    private mutating func escape() throws(RuleSyntaxError) -> ScalarSet {
        guard let scalar = peek else { throw wrong("a character is missing after `\\`") }
        if let set = ScalarSet.named(scalar) {
            at += 1
            return set
        }
        if scalar.properties.isAlphabetic || (scalar.value >= 0x30 && scalar.value <= 0x39) {
            throw wrong("`\\\(scalar)` means nothing here; `\\d`, `\\w`, `\\s`, their capitals and `\\` before a sign do")
        }
        at += 1
        return ScalarSet(ranges: [scalar.value...scalar.value])
    }

    private mutating func characterClass() throws(RuleSyntaxError) -> ScalarSet {
        var set = ScalarSet(ranges: [])
        if peek == "^" {
            set.isNegated = true
            at += 1
        }
        var isFirst = true
        while let scalar = peek, isFirst || scalar != "]" {
            isFirst = false
            at += 1
            var low = ScalarSet(ranges: [scalar.value...scalar.value])
            if scalar == "\\" { low = try escape() }
            if low.isNegated { throw wrong("`\\D`, `\\W` and `\\S` can't stand in a class") }
            guard low.ranges.count == 1, low.ranges[0].count == 1, peek == "-", at + 1 < scalars.count, scalars[at + 1] != "]"
            else {
                set.ranges += low.ranges
                continue
            }
            at += 1
            var high = scalars[at].value
            at += 1
            if high == 0x5C {
                let escaped = try escape()
                high = escaped.ranges.count == 1 && !escaped.isNegated ? escaped.ranges[0].upperBound : 0
            }
            guard low.ranges[0].lowerBound <= high else { throw wrong("the range runs backwards") }
            set.ranges.append(low.ranges[0].lowerBound...high)
        }
        guard peek == "]" else { throw wrong("the closing `]` is missing") }
        at += 1
        return set
    }

    private func moved(_ steps: [ValuePatternStep], by distance: Int) -> [ValuePatternStep] {
        steps.map {
            switch $0 {
            case .split(let first, let second): .split(first + distance, second + distance)
            case .jump(let target): .jump(target + distance)
            case .take, .match: $0
            }
        }
    }

    private func bound(_ steps: [ValuePatternStep]) throws(RuleSyntaxError) {
        if steps.count > Self.stepsMax { throw wrong("the pattern is too large") }
    }

    private func wrong(_ reason: String) -> RuleSyntaxError {
        RuleSyntaxError(text: text, offset: String(String.UnicodeScalarView(scalars[..<at])).utf8.count, reason: reason)
    }
}
