import Comparison
import Testing

@Suite struct RuleTests {
    struct Row: CustomTestStringConvertible {
        let rules: [(String, RuleAction)]
        let primary: String
        let shadow: String
        let expected: [String]

        init(_ rules: [(String, RuleAction)], _ primary: String, _ shadow: String, _ expected: [String]) {
            self.rules = rules
            self.primary = primary
            self.shadow = shadow
            self.expected = expected
        }

        var testDescription: String { "\(rules.map(\.0)) \(primary) | \(shadow)" }
    }

    static func tolerance(_ absolute: String?, _ relative: String? = nil) -> RuleAction {
        .tolerance(absolute: absolute.flatMap { ExactDecimal($0) }, relative: relative.flatMap { ExactDecimal($0) })
    }

    static let rows: [Row] = [
        // ignore
        Row([("$.id", .ignore)], #"{"id":1,"a":1}"#, #"{"id":2,"a":1}"#, []),
        Row([("$.id", .ignore)], #"{"id":1}"#, #"{}"#, []),
        Row([("$.id", .ignore)], #"{}"#, #"{"id":{"deep":[1]}}"#, []),
        Row([("$.id", .ignore)], #"{"id":1,"id":2}"#, #"{"id":2}"#, []),
        Row([("$.id", .ignore)], #"{"a":{"id":1}}"#, #"{"a":{"id":2}}"#, ["value $.a.id 1 2"]),
        Row([("$..id", .ignore)], #"{"id":0,"a":[{"id":1}]}"#, #"{"id":9,"a":[{"id":2}]}"#, []),
        Row([("$.*.id", .ignore)], #"{"id":0,"a":{"id":1}}"#, #"{"id":9,"a":{"id":2}}"#, ["value $.id 0 9"]),
        Row([("$.a[].id", .ignore)], #"{"a":[{"id":1,"b":1}]}"#, #"{"a":[{"id":2,"b":2}]}"#, ["value $.a[0].b 1 2"]),
        Row([("$.a[1]", .ignore)], #"{"a":[1,2]}"#, #"{"a":[9,9]}"#, ["value $.a[0] 1 9"]),
        Row([("$.a[1]", .ignore)], #"{"a":[1]}"#, #"{"a":[1,2]}"#, []),
        Row([("$", .ignore)], #"{"a":1}"#, #"[]"#, []),
        Row([("$['\\u0061']", .ignore)], #"{"\u0061":1}"#, #"{"a":2}"#, []),
        Row([("$..a..b", .ignore)], #"{"a":{"x":{"b":1}},"b":1}"#, #"{"a":{"x":{"b":2}},"b":2}"#, ["value $.b 1 2"]),
        Row([("$..*", .ignore)], #"{"a":1}"#, #"{"b":2}"#, []),
        // tolerance: at the edge, and one beyond
        Row([("$.a", tolerance("1"))], #"{"a":100}"#, #"{"a":101}"#, ["~value $.a 100 101"]),
        Row(
            [("$.a", tolerance("1"))], #"{"a":100}"#, #"{"a":101.000000000000000000001}"#,
            ["value $.a 100 101.000000000000000000001"]),
        Row([("$.a", tolerance(nil, "0.01"))], #"{"a":99}"#, #"{"a":100}"#, ["~value $.a 99 100"]),
        Row([("$.a", tolerance(nil, "0.01"))], #"{"a":98.99}"#, #"{"a":100}"#, ["value $.a 98.99 100"]),
        Row([("$.a", tolerance("1"))], #"{"a":1.0}"#, #"{"a":1}"#, ["~representation $.a 1.0 1"]),
        Row([("$.a", tolerance("0.5"))], #"{"a":"12.50"}"#, #"{"a":"13.00"}"#, [#"~value $.a "12.50" "13.00""#]),
        Row([("$.a", tolerance("1"))], #"{"a":"1"}"#, #"{"a":1}"#, [#"type $.a "1" 1"#]),
        Row([("$.a", tolerance("1"))], #"{"a":null}"#, #"{"a":0}"#, ["type $.a null 0"]),
        Row([("$.a", tolerance("1e30"))], #"{"a":1e999999999}"#, #"{"a":1}"#, ["value $.a 1e999999999 1"]),
        // time
        Row(
            [("$.t", .timeWithin(milliseconds: 2_000))], #"{"t":"2026-03-02T00:30:00+09:00"}"#, #"{"t":"2026-03-01T15:30:02Z"}"#,
            [#"~value $.t "2026-03-02T00:30:00+09:00" "2026-03-01T15:30:02Z""#]),
        Row(
            [("$.t", .timeWithin(milliseconds: 2_000))], #"{"t":"2026-03-02T00:30:00+09:00"}"#,
            #"{"t":"2026-03-01T15:30:02.001Z"}"#,
            [#"value $.t "2026-03-02T00:30:00+09:00" "2026-03-01T15:30:02.001Z""#]),
        Row([("$.t", .timeWithin(milliseconds: 2_000))], #"{"t":"soon"}"#, #"{"t":"later"}"#, [#"value $.t "soon" "later""#]),
        // case, pattern
        Row([("$.c", .caseInsensitive)], #"{"c":"Straße"}"#, #"{"c":"STRAßE"}"#, [#"~value $.c "Straße" "STRAßE""#]),
        Row([("$.c", .caseInsensitive)], #"{"c":"a"}"#, #"{"c":"b"}"#, [#"value $.c "a" "b""#]),
        Row([("$.c", .caseInsensitive)], #"{"c":"\ud800A"}"#, #"{"c":"\ud801a"}"#, [#"value $.c "\ud800A" "\ud801a""#]),
        // arrays as sets
        Row([("$.a", .asSet)], #"{"a":[1,2,2]}"#, #"{"a":[2,1,2]}"#, []),
        Row([("$.a", .asSet)], #"{"a":[1,2,2]}"#, #"{"a":[2,1,1]}"#, ["missing $.a[2] 2 -", "added $.a[2] - 1"]),
        Row([("$.a", .asSet)], #"{"a":[1]}"#, #"{"a":[1,1]}"#, ["added $.a[1] - 1"]),
        Row(
            [("$.a", .asSet), ("$.a[].id", .ignore)], #"{"a":[{"id":1,"b":1},{"id":2,"b":2}]}"#,
            #"{"a":[{"b":2,"id":7},{"id":8,"b":1}]}"#, []),
        Row(
            [("$.a", .asSet), ("$.a[]", tolerance("1"))], #"{"a":[2,1]}"#, #"{"a":[2,3]}"#,
            ["~value $.a[0] 2 3", "~value $.a[1] 1 2"]),
        Row([("$.a", .asSet), ("$.a[].b", .asSet)], #"{"a":[{"b":[1,2]},{"b":[3]}]}"#, #"{"a":[{"b":[3]},{"b":[2,1]}]}"#, []),
        Row([("$", .asSet)], #"["a","\u0062"]"#, #"["b","a"]"#, [#"missing $[1] "\u0062" -"#, #"added $[0] - "b""#]),
        Row(
            [("$", .asSet), ("$", .tolerateRepresentation)], #"["a","\u0062"]"#, #"["b","a"]"#,
            [#"~representation $[1] "\u0062" "b""#]),
        // arrays keyed by a member
        Row([("$", .keyedBy("id"))], #"[{"id":1,"v":1},{"id":2,"v":2}]"#, #"[{"id":2,"v":2},{"id":1,"v":1}]"#, []),
        Row(
            [("$", .keyedBy("id"))], #"[{"id":1,"v":1},{"id":2,"v":2}]"#, #"[{"id":2,"v":3},{"id":1,"v":1}]"#,
            ["value $[1].v 2 3"]),
        Row([("$", .keyedBy("id"))], #"[{"id":1}]"#, #"[{"id":2}]"#, [#"missing $[0] {"id":1} -"#, #"added $[0] - {"id":2}"#]),
        Row(
            [("$", .keyedBy("id"))], #"[{"id":1},{"id":1}]"#, #"[{"id":1}]"#,
            ["duplicateKey $[0].id 1 1", #"missing $[1] {"id":1} -"#]),
        Row([("$", .keyedBy("id"))], #"[{"v":1}]"#, #"[{"v":1},{"id":3}]"#, [#"added $[1] - {"id":3}"#]),
        Row([("$", .keyedBy("id"))], #"[{"v":1}]"#, #"[]"#, [#"missing $[0] {"v":1} -"#]),
        Row(
            [("$", .keyedBy("id"))], #"[{"id":"1"}]"#, #"[{"id":1}]"#, [#"missing $[0] {"id":"1"} -"#, #"added $[0] - {"id":1}"#]),
        Row([("$", .keyedBy("id"))], #"[{"id":1.0}]"#, #"[{"id":1}]"#, ["representation $[0].id 1.0 1"]),
        // representation holds for everything below
        Row(
            [("$", .tolerateRepresentation)], #"{"a":[1.0,"\u0041"]}"#, #"{"a":[1,"A"]}"#,
            ["~representation $.a[0] 1.0 1", #"~representation $.a[1] "\u0041" "A""#]),
        Row([("$", .tolerateRepresentation)], #"{"a":1.0}"#, #"{"a":2}"#, ["value $.a 1.0 2"]),
        // the last of one kind wins
        Row([("$.a", tolerance("5")), ("$.a", tolerance("1"))], #"{"a":1}"#, #"{"a":3}"#, ["value $.a 1 3"]),
        Row(
            [("$.*", tolerance("1")), ("$.a", tolerance("5"))], #"{"a":1,"b":1}"#, #"{"a":3,"b":3}"#,
            ["~value $.a 1 3", "value $.b 1 3"]),
        Row([("$.a", tolerance("5")), ("$.*", tolerance("1"))], #"{"a":1}"#, #"{"a":3}"#, ["value $.a 1 3"]),
    ]

    @Test(arguments: rows)
    func rulesSayWhatCounts(row: Row) throws {
        let compiled = try rules(row.rules)
        #expect(summary(compare(row.primary, row.shadow, compiled)).sorted() == row.expected.sorted())
        let outcome = compare(row.primary, row.shadow, compiled)
        switch outcome {
        case .equalBytes, .equal: #expect(row.expected.isEmpty)
        case .tolerated: #expect(row.expected.allSatisfy { $0.hasPrefix("~") } && !row.expected.isEmpty)
        case .different: #expect(row.expected.contains { !$0.hasPrefix("~") })
        }
    }

    @Test func patternsForgiveWhatMatchesOnBothSides() throws {
        let compiled = try rules([("$.id", .pattern(try ValuePattern("PAY-[0-9]{4}")))])
        #expect(compare(#"{"id":"PAY-0001"}"#, #"{"id":"PAY-9999"}"#, compiled).differences.map(\.tolerated) == [true])
        #expect(compare(#"{"id":"PAY-0001"}"#, #"{"id":"PAY-999"}"#, compiled).differences.map(\.tolerated) == [false])
        #expect(compare(#"{"id":"PAY-0001"}"#, #"{}"#, compiled).differences.map(\.tolerated) == [false])
    }

    @Test func severityHoldsBelowUntilADeeperRule() throws {
        let compiled = try rules([
            ("$.money", .severity(.critical)), ("$.money.note", .severity(.minor)), ("$.*", .severity(.minor)),
        ])
        func severity(_ primary: String, _ shadow: String) -> [Severity] {
            compare(primary, shadow, compiled).differences.map(\.severity)
        }
        // `$.*` is declared last and takes `$.money` too.
        #expect(severity(#"{"money":{"net":1}}"#, #"{"money":{"net":2}}"#) == [.minor])
        let other = try rules([
            ("$.*", .severity(.minor)), ("$.money", .severity(.critical)), ("$.money.note", .severity(.minor)),
        ])
        #expect(
            compare(#"{"money":{"net":1,"note":1}}"#, #"{"money":{"net":2,"note":2}}"#, other).differences.map(\.severity) == [
                .critical, .minor,
            ])
        #expect(compare(#"{"money":1}"#, #"{}"#, other).differences.map(\.severity) == [.critical])
        #expect(compare("[1]", "[2]", other).differences.map(\.severity) == [.major])
    }

    @Test func largeSetsWithIgnoredMembersAreMatchedInAnyOrder() throws {
        let compiled = try rules([("$", .asSet), ("$[].id", .ignore), ("$[].t", .timeWithin(milliseconds: 10))])
        let count = 2_000
        let mine = (0..<count).map { "{\"id\":\($0),\"v\":\($0 * 7),\"t\":\"2026-01-01T00:00:00.001Z\"}" }
        let theirs = (0..<count).reversed().map { "{\"v\":\($0 * 7),\"t\":\"2026-01-01T00:00:00.009Z\",\"id\":\($0 + 5)}" }
        let outcome = compare("[" + mine.joined(separator: ",") + "]", "[" + theirs.joined(separator: ",") + "]", compiled)
        guard case .tolerated = outcome else {
            Issue.record("\(summary(outcome).prefix(3))")
            return
        }
    }
}
