import Testing

@testable import CaseDesign

@Suite struct PictReaderTests {
    @Test func parametersAsPictReadsThem() throws {
        let text = """
            # a comment
            OS:   win10, win11 (10) , ~dos | ms-dos (3)

              SKU 2 : Home (Edition), Pro|Server
            Other: <os>, macos
            Size: 1, 2.50, -3e2
            Mixed: 1, two
            """
        let model = try CaseModel(pict: text, named: "m.pict")
        #expect(model.parameters.map(\.name) == ["OS", "SKU 2", "Other", "Size", "Mixed"])
        #expect(
            model.parameters[0].values == [
                CaseValue("win10"), CaseValue("win11", weight: 10),
                CaseValue("dos", aliases: ["ms-dos"], isNegative: true, weight: 3),
            ])
        #expect(model.parameters[1].values == [CaseValue("Home (Edition)"), CaseValue("Pro", aliases: ["Server"])])
        #expect(model.parameters[2].values == model.parameters[0].values + [CaseValue("macos")])
        #expect(model.parameters.map(\.isNumeric) == [false, false, false, true, false])
        #expect(model.constraints.isEmpty && model.seeds.isEmpty && model.warnings.isEmpty)
    }

    @Test func carriageReturnsAndAByteOrderMarkAreNoContent() throws {
        let model = try CaseModel(pict: "\u{FEFF}A: 1, 2\r\nB: x\r\n\r\n[A] = 1;\r\n", named: "m")
        #expect(
            model.parameters == [
                CaseParameter(name: "A", values: [CaseValue("1"), CaseValue("2")]), .init(name: "B", values: [CaseValue("x")]),
            ])
        #expect(model.constraints.map(\.line) == [4])
    }

    /// Text after two parameters, and where and how it is refused.
    static let refused: [(text: String, place: String, part: String)] = [
        ("{ A, B } @ 2", "3:1", "sub-models"),
        ("C 1, 2", "3:1", "`Name: value, value` is expected"),
        ("a: 3", "3:1", "`a` stands twice"),
        (": 3", "3:1", "no name"),
        ("C: x,, y", "3:6", "is empty"),
        ("C: x, X", "3:7", "stands twice"),
        ("C: x, y | x", "3:7", "stands twice"),
        ("C: <D>", "3:4", "no parameter `D` above"),
        ("C: x (0)", "3:4", "weight"),
        ("[A] = 1", "3:8", "found the end of the text; `;`, `AND` or `OR`"),
        ("[A] = ;", "3:7", "found `;`; a number is expected"),
        ("[A] = \"1\";", "3:7", "numeric: write the number without quotes"),
        ("[B] = 1;", "3:7", "write \"1\" in quotes"),
        ("[A] = 1x;", "3:7", "neither a number nor a text"),
        ("[A] LIKE \"1*\";", "3:10", "LIKE is for texts"),
        ("[B] LIKE x;", "3:10", "found `x`"),
        ("[B] IN \"x\";", "3:8", "`{` is expected"),
        ("[B] IN {};", "3:9", "a text in quotes is expected"),
        ("[B] IN {\"x\";", "3:12", "`,` or `}`"),
        ("[A] = [B];", "3:7", "only like can be compared"),
        ("[A] = [A];", "3:7", "with itself"),
        ("[C] = 1;", "3:1", "there is no parameter `C`"),
        ("[A = 1;", "3:1", "has no `]`"),
        ("[B] = \"x;", "3:7", "has no `\"`"),
        ("IF [A] = 1;", "3:11", "`THEN`, `AND` or `OR`"),
        ("IF [A] = 1 THEN\n  [B] <> \"x\" ELSE;", "4:18", "`[parameter]`, `(` or `NOT`"),
        ("IF [A] = 1 THEN [B] = \"x\" [A] = 2;", "3:27", "`;`, `AND`, `OR` or `ELSE`"),
        ("([A] = 1;", "3:9", "`)`, `AND` or `OR`"),
        ("[A] ! 1;", "3:5", "found `!`"),
        ("[A] NOT IN {1};", "3:5", "`IN` or `LIKE` is expected"),
        ("[A] = 1; C: 1", "3:10", "found `C`"),
    ]

    @Test(arguments: refused) func aMistakeIsOneSentenceWithItsPlace(_ text: String, _ place: String, _ part: String) {
        let error = #expect(throws: CaseDesignError.self) { try CaseModel(pict: "A: 1, 2\nB: x, y\n\(text)", named: "m.pict") }
        #expect(error?.description.hasPrefix("m.pict:\(place): ") == true, "\(error.map(\.description) ?? "")")
        #expect(error?.message.contains(part) == true, "\(error.map(\.description) ?? "")")
        #expect(error?.message.contains("\n") == false && error?.kind == .syntax)
    }

    @Test func nothingIsNoModel() {
        #expect(throws: CaseDesignError.self) { try CaseModel(pict: "# only this\n", named: "m") }
        #expect(throws: CaseDesignError.self) { try CaseModel(pict: "[A] = 1;", named: "m") }
    }

    @Test func aConstraintThatNamesNoValueIsAWarning() throws {
        let model = try CaseModel(pict: "A: OPEN, CLOSED\nB: 1, 2\nIF [A] = \"clsed\" THEN [B] = 1;", named: "m")
        #expect(model.warnings == ["line 3: `A` has no value `clsed`; did you mean `CLOSED`?"])
        // A bound is not a name.
        #expect(try CaseModel(pict: "A: 1, 2\nB: 1, 2\n[A] < 3;", named: "m").warnings.isEmpty)
    }

    @Test func depthAndLengthAreBounded() {
        let deep = String(repeating: "(", count: 5_000) + "[A] = 1" + String(repeating: ")", count: 5_000) + ";"
        #expect(throws: CaseDesignError.self) { try CaseModel(pict: "A: 1, 2\n" + deep, named: "m") }
        let long = Array(repeating: "[A] = 1", count: 5_000).joined(separator: " OR ") + ";"
        #expect(throws: CaseDesignError.self) { try CaseModel(pict: "A: 1, 2\n" + long, named: "m") }
    }
}
