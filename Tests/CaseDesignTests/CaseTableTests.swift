import Testing

@testable import CaseDesign

@Suite struct CaseTableTests {
    private static let odd = CaseModel(
        parameters: [
            .init(name: "a, \"b\"", values: [CaseValue("x|y"), CaseValue("line\nfeed"), CaseValue(" blanks "), CaseValue("\\")]),
            .init(name: "값", values: [CaseValue("예", aliases: ["아니오"]), CaseValue("bad", isNegative: true)]),
        ])

    @Test(arguments: [CaseTable.Format.csv, .json]) func whatIsWrittenIsReadBack(_ format: CaseTable.Format) throws {
        let rows = RandomModels.everyRow(Self.odd).map(CaseRow.init)
        let text = CaseTable.text(rows, of: Self.odd, as: format)
        #expect(try CaseTable.rows(text, of: Self.odd, named: "r") == rows)
    }

    @Test(arguments: CaseTable.Format.allCases) func everyFormatHoldsTheModels(_ format: CaseTable.Format) throws {
        for name in ["core", "negative", "constrained"] {
            let model = try Fixture.model(name)
            let rows = try CaseGenerator.rows(of: model, strength: .ways(1))
            #expect(try CaseTable.rows(CaseTable.text(rows, of: model, as: format), of: model, named: "r") == rows)
        }
    }

    @Test func aliasesAreShownInTurn() {
        let rows = [CaseRow([0, 0]), CaseRow([0, 0]), CaseRow([0, 1])]
        let model = CaseModel(parameters: [.init(name: "n", values: [CaseValue("1")]), Self.odd.parameters[1]])
        #expect(CaseTable.text(rows, of: model, as: .pict) == "n\t값\n1\t예\n1\t아니오\n1\t~bad\n")
        #expect(CaseTable.text([], of: model, as: .json) == "[]\n")
    }

    @Test(arguments: [
        ("", "holds no rows"), ("a\tc\n", "no column for `B`"), ("A\tB\n1\n", "the row has 1 values"),
        ("A,B\n1,z\n", "`B` has no value `z`"),
        ("[{\"A\": 1}]", "not a JSON array"), ("[{\"A\": \"1\"}]", "row 1 has no `B`"), ("A,B\n\"1,x\n", "never closed"),
    ]) func aMistakeIsOneSentence(_ text: String, _ part: String) throws {
        let model = try CaseModel(pict: "A: 1, 2\nB: x, y", named: "m")
        let error = #expect(throws: CaseDesignError.self) {
            try CaseTable.rows(text, of: model, named: "rows.csv")
        }
        #expect(error?.message.contains(part) == true, "\(error.map(\.description) ?? "")")
        #expect(error?.file == "rows.csv")
    }
}
