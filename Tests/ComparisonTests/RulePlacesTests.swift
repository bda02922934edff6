import Comparison
import Testing

/// The tree of rules against the plain meaning of a path, on random documents and random paths.
@Suite struct RulePlacesTests {
    private enum Segment {
        case name(String)
        case anyName
        case index(Int)
        case anyIndex
        case anyDepth
    }

    private enum Step {
        case name(String)
        case index(Int)
    }

    /// Straight from the table in `PathPattern`'s documentation.
    private func takes(_ pattern: ArraySlice<Segment>, _ place: ArraySlice<Step>) -> Bool {
        guard let segment = pattern.first else { return place.isEmpty }
        if case .anyDepth = segment {
            return (place.startIndex...place.endIndex).contains { takes(pattern.dropFirst(), place[$0...]) }
        }
        guard let step = place.first else { return false }
        let fits =
            switch (segment, step) {
            case (.name(let wanted), .name(let name)): wanted == name
            case (.anyName, .name), (.anyIndex, .index): true
            case (.index(let wanted), .index(let index)): wanted == index
            default: false
            }
        return fits && takes(pattern.dropFirst(), place.dropFirst())
    }

    private func text(_ pattern: [Segment]) -> String {
        var text = "$"
        var afterDepth = false
        for segment in pattern {
            switch segment {
            case .name(let name): text += (afterDepth ? "" : ".") + name
            case .anyName: text += afterDepth ? "*" : ".*"
            case .index(let index): text += "[\(index)]"
            case .anyIndex: text += "[]"
            case .anyDepth: text += ".."
            }
            if case .anyDepth = segment { afterDepth = true } else { afterDepth = false }
        }
        return text
    }

    private func randomPattern(_ random: inout SplitMix64) -> [Segment] {
        var pattern: [Segment] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if Int.random(in: 0..<4, using: &random) == 0 { pattern.append(.anyDepth) }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: pattern.append(.anyName)
            case 1: pattern.append(.anyIndex)
            case 2: pattern.append(.index(Int.random(in: 0...2, using: &random)))
            default: pattern.append(.name(["a", "b", "c"][Int.random(in: 0..<3, using: &random)]))
            }
        }
        return pattern
    }

    /// Names of three letters and nothing else, so that paths meet them often.
    private func randomDocument(_ random: inout SplitMix64, depth: Int = 4) -> RandomJSON {
        switch Int.random(in: 0..<(depth == 0 ? 1 : 4), using: &random) {
        case 1: return .array((0..<3).map { _ in randomDocument(&random, depth: depth - 1) })
        case 2, 3:
            return .object(["a", "b", "c"].shuffled(using: &random).map { ($0, randomDocument(&random, depth: depth - 1)) })
        default: return .literal("1")
        }
    }

    /// The document with every place that a pattern takes written as `"x"`.
    private func marked(_ document: RandomJSON, _ patterns: [[Segment]], at place: [Step] = []) -> RandomJSON {
        if patterns.contains(where: { takes($0[...], place[...]) }) { return .literal(#""x""#) }
        switch document {
        case .literal: return document
        case .array(let elements):
            return .array(elements.enumerated().map { marked($1, patterns, at: place + [.index($0)]) })
        case .object(let members):
            return .object(members.map { ($0.name, marked($0.value, patterns, at: place + [.name($0.name)])) })
        }
    }

    @Test func exactlyThePlacesOfThePatternAreTaken() throws {
        var random = SplitMix64(seed: 11)
        var taken = 0
        for _ in 0..<3_000 {
            let patterns = (0..<Int.random(in: 1...3, using: &random)).map { _ in randomPattern(&random) }
            let document = randomDocument(&random)
            let expected = marked(document, patterns).plainText
            let redactor = JSONRedactor(paths: try patterns.map { try PathPattern(text($0)) })
            let found = Array(document.plainText.utf8).withUnsafeBytes { redactor.redact($0) { _ in "x" } }
            #expect(
                found.map { String(decoding: $0, as: UTF8.self) } == expected, "\(patterns.map(text)) on \(document.plainText)")
            if expected != document.plainText { taken += 1 }
            // A walk that ignores these places sees nothing of what was changed there.
            let ignoring = ResponseRules(rules: try patterns.map { Rule(path: try PathPattern(text($0)), action: .ignore) })
            #expect(compare(document.plainText, expected, ignoring).isMatch)
        }
        #expect(taken > 1_000)
    }
}

extension RandomJSON {
    /// Without white space.
    fileprivate var plainText: String {
        switch self {
        case .literal(let text): text
        case .array(let elements): "[" + elements.map(\.plainText).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\"\($0.name)\":\($0.value.plainText)" }.joined(separator: ",") + "}"
        }
    }
}
