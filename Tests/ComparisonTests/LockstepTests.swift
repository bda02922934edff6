import Testing

@testable import Comparison

/// The short way to "equal" must never say so where the walk would not.
@Suite struct LockstepTests {
    private static func rules(_ paths: String...) throws -> ResponseRules {
        ResponseRules(rules: try paths.map { Rule(path: try PathPattern($0), action: .ignore) })
    }

    /// Whether the lockstep alone finds the two equal.
    private func agrees(_ primary: String, _ shadow: String, _ rules: ResponseRules) -> Bool {
        var tape = JSONTape()
        var lockstep = Lockstep()
        return Array(primary.utf8).withUnsafeBytes { primary in
            Array(shadow.utf8).withUnsafeBytes { shadow in
                guard JSONScanner.scan(primary, into: &tape, depthMax: 128) == nil else { return false }
                return lockstep.agree(primary, tape, shadow, rules.tree)
            }
        }
    }

    @Test(arguments: [
        // An ignored scalar of the same kind, shorter, longer, empty, of another kind.
        (#"{"id":"a","k":1}"#, #"{"id":"b","k":1}"#, true),
        (#"{"id":"a","k":1}"#, #"{"id":"abc","k":1}"#, true),
        (#"{"id":"abc","k":1}"#, #"{"id":"a","k":1}"#, true),
        (#"{"id":"a","k":1}"#, #"{"id":"","k":1}"#, true),
        (#"{"id":"","k":1}"#, #"{"id":"a","k":1}"#, true),
        (#"{"id":12,"k":1}"#, #"{"id":123,"k":1}"#, true),
        (#"{"id":123,"k":1}"#, #"{"id":12,"k":1}"#, true),
        (#"{"id":12,"k":1}"#, #"{"id":12e3,"k":1}"#, true),
        (#"{"id":12,"k":1}"#, #"{"id":"12","k":1}"#, true),
        (#"{"id":null,"k":1}"#, #"{"id":true,"k":1}"#, true),
        (#"{"id":"a\"b","k":1}"#, #"{"id":"a\\","k":1}"#, true),
        (#"{"k":1,"id":"a"}"#, #"{"k":1,"id":"b"}"#, true),
        (#"{"deep":{"id":"a"},"k":[{"id":1},{"id":2}]}"#, #"{"deep":{"id":"x"},"k":[{"id":1},{"id":2}]}"#, false),
        // Another value differs, alone or besides.
        (#"{"id":"a","k":1}"#, #"{"id":"a","k":2}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"b","k":2}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"b","k":12}"#, false),
        (#"{"id":"a","k":12}"#, #"{"id":"b","k":1}"#, false),
        // Names, structure, white space, what follows.
        (#"{"id":"a","k":1}"#, #"{"id":"a","x":1,"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"ie":"a","k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id": "a","k":1}"#, false),
        (#"{"id":12,"k":1}"#, #"{"id":12 ,"k":1}"#, false),
        (#"{"id":12,"k":1}"#, #"{"id":345 ,"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"a","k":1} "#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"a","k":1"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"a","k":1}x"#, false),
        // The shadow's value at the ignored place is no scalar, or no JSON.
        (#"{"id":"a","k":1}"#, #"{"id":{"x":1},"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":[],"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":"b,"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":01,"k":1}"#, false),
        (#"{"id":"a","k":1}"#, #"{"id":nul,"k":1}"#, false),
        (#"{"id":"a","k":1}"#, "{\"id\":\"\u{1}\",\"k\":1}", false),
        // A name that stands twice.
        (#"{"id":"a","id":"b"}"#, #"{"id":"c","id":"b"}"#, false),
    ])
    func table(_ primary: String, _ shadow: String, _ expected: Bool) throws {
        #expect(agrees(primary, shadow, try Self.rules("$.id")) == expected)
    }

    @Test func followsPathsIntoArraysAndObjects() throws {
        let primary = #"{"items":[{"id":1,"at":{"t":"x"}},{"id":2,"at":{"t":"y"}}],"n":2}"#
        let shadow = #"{"items":[{"id":7,"at":{"t":"z"}},{"id":88,"at":{"t":""}}],"n":2}"#
        #expect(agrees(primary, shadow, try Self.rules("$.items[*].id", "$.items[*].at")))
        #expect(!agrees(primary, shadow, try Self.rules("$.items[*].id")))
        #expect(!agrees(primary, shadow, try Self.rules("$.items[0].id", "$.items[*].at")))
        #expect(agrees(primary, shadow, try Self.rules("$..id", "$..t")))
    }

    @Test func leavesRulesThatMatchElementsToTheWalk() throws {
        let rules = ResponseRules(rules: [
            Rule(path: try PathPattern("$.id"), action: .ignore), Rule(path: try PathPattern("$.items"), action: .asSet),
        ])
        #expect(!agrees(#"{"id":1,"items":[1]}"#, #"{"id":2,"items":[1]}"#, rules))
    }

    /// Over random documents and random changes: whenever the lockstep agrees, the walk over both tapes finds nothing either.
    @Test func neverSaysEqualWhereTheWalkDoesNot() throws {
        var random = SplitMix64(seed: 20_261_125)
        let rules = try Self.rules("$.a", "$..id", "$.list[1]", "$.b.c")
        var agreed = 0
        for _ in 0..<20_000 {
            let primary = Self.document(&random, depth: 3)
            let shadow = Self.changed(primary, &random)
            guard agrees(primary, shadow, rules) else { continue }
            agreed += 1
            #expect(walked(primary, shadow, rules).isEmpty, "\(primary) against \(shadow)")
        }
        // The law says nothing if the short way is never taken.
        #expect(agreed > 2_000)
    }

    private func walked(_ primary: String, _ shadow: String, _ rules: ResponseRules) -> [Difference] {
        var tape = JSONTape()
        var other = JSONTape()
        var walk = Walk()
        return Array(primary.utf8).withUnsafeBytes { primary in
            Array(shadow.utf8).withUnsafeBytes { shadow in
                guard JSONScanner.scan(primary, into: &tape, depthMax: 128) == nil,
                    JSONScanner.scan(shadow, into: &other, depthMax: 128) == nil, let left = primary.baseAddress,
                    let right = shadow.baseAddress
                else { return [Difference(path: "$", genericPath: "$", kind: .malformed, primary: nil, shadow: nil)] }
                return walk.run(
                    JSONDocument(bytes: left, entries: UnsafePointer(tape.entries)),
                    JSONDocument(bytes: right, entries: UnsafePointer(other.entries)), rules.tree, severity: .major,
                    differencesMax: 64, membersAtTop: nil)
            }
        }
    }

    private static func document(_ random: inout SplitMix64, depth: Int) -> String {
        func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int(random.next() % UInt64(choices.count))] }
        func value(_ depth: Int) -> String {
            switch depth > 0 ? random.next() % 6 : random.next() % 4 {
            case 0: return pick(["0", "-1", "12", "12.5", "1e9"])
            case 1: return pick(["\"\"", "\"x\"", "\"a\\\"b\"", "\"\\\\\"", "\"한\""])
            case 2: return pick(["true", "false", "null"])
            case 3: return pick(["\"2026-03-02\"", "7"])
            case 4: return "[" + (0..<Int(random.next() % 3)).map { _ in value(depth - 1) }.joined(separator: ",") + "]"
            default: return object(depth - 1)
            }
        }
        func object(_ depth: Int) -> String {
            let names = ["a", "b", "c", "id", "list", "k"].filter { _ in random.next() % 2 == 0 }
            return "{" + names.map { "\"\($0)\":" + value(depth) }.joined(separator: ",") + "}"
        }
        return object(depth)
    }

    /// Some scalar replaced, a byte changed, dropped or added, or nothing done.
    private static func changed(_ document: String, _ random: inout SplitMix64) -> String {
        var bytes = Array(document.utf8)
        for _ in 0...Int(random.next() % 2) where !bytes.isEmpty {
            let at = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 5 {
            case 0: bytes[at] = UInt8(ascii: "1") + UInt8(random.next() % 5)
            case 1: bytes.insert(UInt8(ascii: "7"), at: at)
            case 2: bytes.remove(at: at)
            case 3: bytes.insert(contentsOf: Array("\"x\"".utf8), at: at)
            default: break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
