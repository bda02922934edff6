import Comparison
import Testing

@Suite struct JSONRedactorTests {
    private func redact(_ body: String, _ paths: [String]) throws -> String? {
        let redactor = JSONRedactor(paths: try paths.map { try PathPattern($0) })
        return Array(body.utf8).withUnsafeBytes { body in
            redactor.redact(body) { "#\(String(decoding: $0, as: UTF8.self).count)" }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(arguments: [
        (#"{ "id" : 12 , "b":[1, {"id":"x"}]}"#, ["$.id"], ##"{ "id" : "#2" , "b":[1, {"id":"x"}]}"##),
        (#"{ "id" : 12 , "b":[1, {"id":"x"}]}"#, ["$..id"], ##"{ "id" : "#2" , "b":[1, {"id":"#3"}]}"##),
        (#"{"a":{"b":1}}"#, ["$.a", "$.a.b"], ##"{"a":"#7"}"##),
        (#"{"a":1,"a":2}"#, ["$.a"], ##"{"a":"#1","a":"#1"}"##),
        (#"[1,2]"#, ["$[1]"], ##"[1,"#1"]"##),
        (#"  "secret" "#, ["$"], ##"  "#8" "##),
        (#"{"a":1}"#, [], #"{"a":1}"#),
        (#"{}"#, ["$.a"], #"{}"#),
    ])
    func leavesEveryOtherByte(body: String, paths: [String], expected: String) throws {
        #expect(try redact(body, paths) == expected)
    }

    @Test func whatIsNotJSONCannotBeRedacted() throws {
        #expect(try redact("id=12", ["$.id"]) == nil)
        #expect(try redact("", ["$.id"]) == nil)
    }

    @Test func theReplacementIsQuoted() throws {
        let redactor = JSONRedactor(paths: [.root])
        let text = Array("1".utf8).withUnsafeBytes { redactor.redact($0) { _ in "a\"\\\n" } }
        #expect(text.map { String(decoding: $0, as: UTF8.self) } == #""a\"\\\u000a""#)
    }
}

@Suite struct JSONFieldTests {
    @Test(arguments: [
        (#"{"from":"1000","to":2}"#, "$.from", "1000"), (#"{"from":"1000","to":2}"#, "$.to", "2"),
        (#"{"a":{"b":true}}"#, "$.a.b", "true"),
        (#"{"fr\u006fm":"\u0031"}"#, "$.from", "1"), (#"{"from":null}"#, "$.from", nil), (#"{"from":[]}"#, "$.from", nil),
        ("{}", "$.from", nil),
        (#"{"from":1,"from":2}"#, "$.from", nil), ("nonsense", "$.from", nil), ("[1]", "$.from", nil),
        (#"{"from":"\ud800"}"#, "$.from", nil),
    ])
    func readsOneMember(body: String, path: String, expected: String?) throws {
        let field = try JSONField(PathPattern(path))
        #expect(Array(body.utf8).withUnsafeBytes { field.text(in: $0) } == expected)
    }

    @Test(arguments: ["$", "$.a[0]", "$..a", "$.*"])
    func onlyNamesCanBeRead(path: String) {
        #expect(throws: RuleSyntaxError.self) { try JSONField(PathPattern(path)) }
    }
}

@Suite struct SideBySideTests {
    private let differences = [
        Difference(
            path: "$.netInterest", genericPath: "$.netInterest", kind: .value, primary: "2329", shadow: "2330",
            severity: .critical),
        Difference(path: "$.paidOut", genericPath: "$.paidOut", kind: .missing, primary: "0", shadow: nil),
        Difference(
            path: "$.name", genericPath: "$.name", kind: .value, primary: "\"a\u{1B}[2Jb\"", shadow: "\"한글\"", severity: .minor),
        Difference(path: "$.t", genericPath: "$.t", kind: .value, primary: "1", shadow: "2", tolerated: true),
    ]

    @Test func alignsColumns() {
        let expected = """
              path           kind     legacy         candidate
            ! $.netInterest  value    2329           2330
            · $.paidOut      missing  0              (absent)
              $.name         value    "a\\u{1b}[2Jb"  "한글"
            ~ $.t            value    1              2

            """
        let found = SideBySide(width: 80).render(differences, primaryTitle: "legacy", shadowTitle: "candidate")
        #expect(found == expected)
    }

    @Test(arguments: [48, 60, 80, 200])
    func neverGoesBeyondTheWidth(width: Int) {
        let long = Difference(
            path: "$." + String(repeating: "path", count: 60), genericPath: "", kind: .representation,
            primary: String(repeating: "x", count: 250), shadow: String(repeating: "y", count: 250))
        for line in SideBySide(width: width).render(differences.dropLast(2) + [long]).split(separator: "\n") {
            #expect(line.count <= width, "\(line.count): \(line)")
        }
    }

    @Test func coloursOnlyWhenAsked() {
        #expect(!SideBySide(width: 80).render(differences).contains("\u{1B}"))
        #expect(SideBySide(width: 80, isColoured: true).render(differences).contains("\u{1B}[1;31m"))
        // What a body holds never reaches the terminal as it is.
        #expect(!SideBySide(width: 80, isColoured: true).render(differences).contains("\u{1B}[2J"))
    }

    @Test func nothingForNothing() { #expect(SideBySide().render([]).isEmpty) }
}
