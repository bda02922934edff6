import Comparison

/// Works an expression out over one side's answers. Numbers are exact; what is absent is a fault, never a value.
struct InvariantEvaluation {
    let reading: TranscriptReading
    /// The label that `$` stands for.
    let current: String?
    /// What `@` stands for.
    var element: JSONValue?

    func holds(_ expression: InvariantExpression) throws(InvariantFault) -> Bool {
        switch expression {
        case .and(let left, let right): return try holds(left) ? holds(right) : false
        case .or(let left, let right): return try holds(left) ? true : holds(right)
        case .implies(let left, let right): return try holds(left) ? holds(right) : true
        case .not(let inner): return try !holds(inner)
        case .comparison(let left, let comparison, let right):
            return try Self.compare(try value(left), comparison, try value(right))
        case .exists(let path): return exists(path)
        case .distinct(let path):
            let values = try values(path)
            return Set(values).count == values.count
        case .all(let path, let inner):
            return try firstElement(path) { element throws(InvariantFault) in try !element.holds(inner) } == nil
        case .any(let path, let inner):
            return try firstElement(path) { element throws(InvariantFault) in try element.holds(inner) } != nil
        case .constant, .path, .arithmetic, .negative, .aggregate, .accepted:
            guard case .bool(let value) = try value(expression) else {
                throw InvariantFault("`\(InvariantWords.source(expression))` is neither true nor false")
            }
            return value
        }
    }

    func value(_ expression: InvariantExpression) throws(InvariantFault) -> JSONValue {
        switch expression {
        case .constant(let value): return value
        case .accepted: return .number(ExactDecimal(reading.accepted))
        case .path(let path):
            guard let value = try values(path).first else { throw InvariantFault("`\(path.text)` is absent") }
            return value
        case .negative(let inner): return .number(try Self.negated(try number(inner)))
        case .arithmetic(let left, let arithmetic, let right):
            return .number(try Self.result(try number(left), arithmetic, try number(right)))
        case .aggregate(let aggregate, let path): return try value(aggregate, path)
        case .and, .or, .implies, .not, .comparison, .exists, .distinct, .all, .any: return .bool(try holds(expression))
        }
    }

    private func number(_ expression: InvariantExpression) throws(InvariantFault) -> ExactDecimal {
        guard case .number(let number) = try value(expression) else {
            throw InvariantFault("`\(InvariantWords.source(expression))` is not a number")
        }
        return number
    }

    private func value(_ aggregate: InvariantExpression.Aggregate, _ path: TranscriptPath) throws(InvariantFault) -> JSONValue {
        let values = try values(path)
        if aggregate == .count { return .number(ExactDecimal(values.count)) }
        var numbers: [ExactDecimal] = []
        for value in values {
            guard case .number(let number) = value else { throw InvariantFault("`\(path.text)` is not always a number") }
            numbers.append(number)
        }
        if aggregate == .sum {
            var sum = ExactDecimal.zero
            for number in numbers { sum = try Self.result(sum, .plus, number) }
            return .number(sum)
        }
        guard let extreme = aggregate == .min ? numbers.min() : numbers.max() else {
            throw InvariantFault("`\(path.text)` takes nothing, so that it has no `\(aggregate.rawValue)`")
        }
        return .number(extreme)
    }

    /// The first element that answers, as an evaluation in which it is `@`.
    func firstElement(
        _ path: TranscriptPath, where answers: (InvariantEvaluation) throws(InvariantFault) -> Bool
    ) throws(InvariantFault) -> InvariantEvaluation? {
        for value in try values(path) {
            var inner = self
            inner.element = value
            if try answers(inner) { return inner }
        }
        return nil
    }

    // MARK: Paths

    private func exists(_ path: TranscriptPath) -> Bool {
        switch path.root {
        case .answer(let label), .status(let label): return reading.status(label) != nil
        case .body, .current, .element:
            do throws(InvariantFault) { return try !values(path).isEmpty } catch { return false }
        }
    }

    /// What the path takes. A member that an object lacks is a fault, also below `[*]`; an element that a filter does not take is not.
    func values(_ path: TranscriptPath) throws(InvariantFault) -> [JSONValue] {
        let root: JSONValue
        switch path.root {
        case .answer(let label): throw InvariantFault("`\(label)` is an answer, not a value")
        case .status(let label):
            guard let status = reading.status(label) else { throw InvariantFault("there is no answer `\(label)`") }
            return [.number(ExactDecimal(status))]
        case .body(let label): root = try reading.body(label)
        case .current:
            guard let current else { throw InvariantFault("`\(path.text)`: there is no answer to look at") }
            root = try reading.body(current)
        case .element:
            guard let element else { throw InvariantFault("`\(path.text)`: there is no element to look at") }
            root = element
        }
        var taken = [root]
        for segment in path.segments {
            var next: [JSONValue] = []
            for value in taken { next += try Self.step(value, segment, path) }
            taken = next
        }
        return taken
    }

    private static func step(
        _ value: JSONValue, _ segment: TranscriptPath.Segment, _ path: TranscriptPath
    ) throws(InvariantFault) -> [JSONValue] {
        switch (segment, value) {
        case (.member(let name), .object(let members)):
            guard let member = members[name] else { throw InvariantFault("`\(path.text)` is absent: there is no `\(name)`") }
            return [member]
        case (.index(let index), .array(let elements)):
            guard elements.indices.contains(index) else {
                throw InvariantFault("`\(path.text)` is absent: there are \(elements.count) elements")
            }
            return [elements[index]]
        case (.each, .array(let elements)): return elements
        case (.matching(let name, let wanted), .array(let elements)):
            return elements.filter { element in
                guard case .object(let members) = element else { return false }
                return members[name] == wanted
            }
        case (.member(let name), _): throw InvariantFault("`\(path.text)` is absent: what should have `\(name)` is no object")
        default: throw InvariantFault("`\(path.text)` is absent: what should be an array is none")
        }
    }

    // MARK: Numbers

    private static func negated(_ number: ExactDecimal) throws(InvariantFault) -> ExactDecimal {
        guard let result = number.multiplied(by: ExactDecimal(-1)) else { throw InvariantFault("a number has too many digits") }
        return result
    }

    private static func result(
        _ left: ExactDecimal, _ arithmetic: InvariantExpression.Arithmetic, _ right: ExactDecimal
    ) throws(InvariantFault) -> ExactDecimal {
        switch arithmetic {
        case .plus: return try result(left, .minus, try negated(right))
        case .minus:
            guard let distance = left.distance(to: right) else { throw InvariantFault("a difference has too many digits") }
            return left < right ? try negated(distance) : distance
        case .times:
            guard let product = left.multiplied(by: right) else { throw InvariantFault("a product has too many digits") }
            return product
        }
    }

    private static func compare(
        _ left: JSONValue, _ comparison: InvariantExpression.Operator, _ right: JSONValue
    ) throws(InvariantFault) -> Bool {
        switch comparison {
        case .equal: return left == right
        case .unequal: return left != right
        default: break
        }
        let isLess: Bool
        switch (left, right) {
        case (.number(let left), .number(let right)): isLess = left < right
        case (.string(let left), .string(let right)): isLess = left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        default: throw InvariantFault("\(InvariantWords.text(left)) and \(InvariantWords.text(right)) have no order")
        }
        switch comparison {
        case .less: return isLess
        case .greaterOrEqual: return !isLess
        case .greater: return !isLess && left != right
        default: return isLess || left == right
        }
    }
}
