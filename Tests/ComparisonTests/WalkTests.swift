import Comparison
import Foundation
import Testing

@Suite struct WalkTests {
    struct Row: CustomTestStringConvertible {
        let primary: String
        let shadow: String
        let expected: [String]

        init(_ primary: String, _ shadow: String, _ expected: [String]) {
            self.primary = primary
            self.shadow = shadow
            self.expected = expected
        }

        var testDescription: String { "\(primary) | \(shadow)" }
    }

    @Test(arguments: [
        Row(#"{"a":1,"b":2}"#, #"{ "b" : 2, "a" : 1 }"#, []),
        Row(#"{"a":1}"#, #"{"a":2}"#, ["value $.a 1 2"]),
        Row(#"{"a":1}"#, #"{"a":1.0}"#, ["representation $.a 1 1.0"]),
        Row(#"{"a":1e2}"#, #"{"a":100}"#, ["representation $.a 1e2 100"]),
        Row(#"{"a":-0}"#, #"{"a":0}"#, ["representation $.a -0 0"]),
        Row(#"{"a":90071992547409.93}"#, #"{"a":90071992547409.92}"#, ["value $.a 90071992547409.93 90071992547409.92"]),
        Row(#"{"a":1e999999999}"#, #"{"a":10e999999998}"#, ["representation $.a 1e999999999 10e999999998"]),
        Row(#"{"a":"A"}"#, #"{"a":"\u0041"}"#, [#"representation $.a "A" "\u0041""#]),
        Row(#"{"a":"\ud83d\ude00"}"#, #"{"a":"😀"}"#, [#"representation $.a "\ud83d\ude00" "😀""#]),
        Row(#"{"a":"\ud83d"}"#, #"{"a":"\ud83e"}"#, [#"value $.a "\ud83d" "\ud83e""#]),
        Row(#"{"a":"é"}"#, "{\"a\":\"e\u{301}\"}", ["value $.a \"é\" \"e\u{301}\""]),
        Row(#"{"a":null}"#, #"{}"#, ["missing $.a null -"]),
        Row(#"{}"#, #"{"a":null}"#, ["added $.a - null"]),
        Row(#"{"a":null}"#, #"{"a":0}"#, ["type $.a null 0"]),
        Row(#"{"a":"1"}"#, #"{"a":1}"#, [#"type $.a "1" 1"#]),
        Row(#"{"a":true}"#, #"{"a":false}"#, ["value $.a true false"]),
        Row(#"{"a":false}"#, #"{"a":0}"#, ["type $.a false 0"]),
        Row(#"{"a":[]}"#, #"{"a":{}}"#, ["type $.a [] {}"]),
        Row(#"[1,2,3]"#, #"[1,3,2]"#, ["value $[1] 2 3", "value $[2] 3 2"]),
        Row(#"[1,2]"#, #"[1,2,{"b":1}]"#, [#"added $[2] - {"b":1}"#]),
        Row(#"[1,2,3]"#, #"[1]"#, ["missing $[1] 2 -", "missing $[2] 3 -"]),
        Row(#"{"a":{"b":[{"c":1}]}}"#, #"{"a":{"b":[{"c":2}]}}"#, ["value $.a.b[0].c 1 2"]),
        Row(
            #"{"x y":1,"":2,"it's":3}"#, #"{"x y":2,"":3,"it's":4}"#,
            ["value $['x y'] 1 2", "value $[''] 2 3", #"value $['it\'s'] 3 4"#]),
        Row(#"{"a\nb":1}"#, #"{"a\nb":2}"#, [#"value $['a\u000ab'] 1 2"#]),
        Row(#"{"\u0061":1}"#, #"{"a":1}"#, []),
        Row(#"{"a":1,"b":2,"c":3}"#, #"{"c":4,"a":1,"d":5}"#, ["missing $.b 2 -", "value $.c 3 4", "added $.d - 5"]),
        Row(#"{"a":1,"a":2}"#, #"{"a":2}"#, ["duplicateKey $.a 1, 2 2"]),
        Row(#"{"a":2}"#, #"{"a":1,"a":2}"#, ["duplicateKey $.a 2 1, 2"]),
        Row(#"{"a":1,"a":2}"#, #"{"a":1, "a":3}"#, ["duplicateKey $.a 1, 2 1, 3"]),
        Row(#"{"a":1,"a":2}"#, #"{}"#, ["duplicateKey $.a 1, 2 -"]),
        Row(#"{"a":1,"\u0061":2,"b":1}"#, #"{"a":2,"b":2}"#, ["duplicateKey $.a 1, 2 2", "value $.b 1 2"]),
        Row(#"{"a":1,"a":2}"#, #"{ "a":1, "a":2 }"#, []),
        Row("1", "2", ["value $ 1 2"]),
        Row(#""a""#, #"null"#, [#"type $ "a" null"#]),
    ])
    func listsExactly(row: Row) {
        let found = summary(compare(row.primary, row.shadow))
        #expect(found.sorted() == row.expected.sorted())
    }

    @Test func genericPathsHaveNoIndices() {
        let outcome = compare(#"{"items":[{"a":[1,2]}]}"#, #"{"items":[{"a":[1,3]}]}"#)
        #expect(outcome.differences.map(\.path) == ["$.items[0].a[1]"])
        #expect(outcome.differences.map(\.genericPath) == ["$.items[].a[]"])
    }

    @Test(arguments: [17, 63, 64, 65, 66, 1_000])
    func objectsOfAnySizeInAnyOrder(size: Int) {
        let members = (0..<size).map { "\"key\($0)\":\($0)" }
        let forward = "{" + members.joined(separator: ",") + "}"
        let backward = "{" + members.reversed().joined(separator: ",") + "}"
        #expect(compare(forward, backward) == .equal)
        let changed = backward.replacingOccurrences(of: "\"key7\":7", with: "\"key7\":8,\"other\":1")
        #expect(summary(compare(forward, changed)) == ["value $.key7 7 8", "added $.other - 1"])
        let doubled = backward.replacingOccurrences(of: "\"key7\":7", with: "\"key7\":7,\"key7\":7")
        #expect(summary(compare(forward, doubled)) == ["duplicateKey $.key7 7 7, 7"])
    }

    @Test func hugeObjectsInAnotherOrderAreNotQuadratic() {
        // 40 000 names in reverse: a pairwise search would need 800 million steps.
        let members = (0..<40_000).map { "\"k\($0)\":0" }
        #expect(
            compare("{" + members.joined(separator: ",") + "}", "{" + members.reversed().joined(separator: ",") + "}") == .equal)
    }

    @Test func longValuesAreCutOnACharacter() throws {
        let long = String(repeating: "한", count: 200)
        let shown = try #require(compare("{\"a\":\"\(long)\"}", #"{"a":"b"}"#).differences.first?.primary)
        #expect(shown.utf8.count <= 256 && shown.utf8.count > 250)
        #expect(shown.hasPrefix("\"한한") && shown.hasSuffix("한…"))
    }

    @Test func theWalkStopsAtTheBoundButNotForForgivenDifferences() throws {
        let count = 100
        let ones = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
        let twos = "[" + Array(repeating: "2", count: count).joined(separator: ",") + "]"
        #expect(compare(ones, twos).differences.count == 64)

        var forgiving = try rules([("$[]", .tolerance(absolute: ExactDecimal(1), relative: nil))])
        #expect(summary(compare(ones, twos, forgiving)).count == 64)
        // The one that counts stands behind more forgiven ones than are listed.
        let last = "[" + Array(repeating: "2", count: count - 1).joined(separator: ",") + ",3]"
        guard case .different(let found) = compare(ones, last, forgiving) else {
            Issue.record("the difference behind the bound was lost")
            return
        }
        #expect(found.last?.path == "$[99]" && found.filter { !$0.tolerated }.count == 1)
        forgiving.differencesMax = 1
        #expect(summary(compare(ones, last, forgiving)) == ["~value $[0] 1 2", "value $[99] 1 3"])
    }
}
