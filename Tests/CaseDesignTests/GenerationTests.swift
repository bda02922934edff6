import Testing

@testable import CaseDesign

@Suite struct GenerationTests {
    /// PICT's rows for the same models and strengths, as scripts/compare-generators.sh prints them (the library
    /// that pypict 0.3.0 carries). Ours may be 5 % above.
    static let budgets: [(model: String, ways: Int, pict: Int)] = [
        ("core", 2, 81), ("core", 3, 296), ("core", 4, 606), ("extended", 2, 140), ("extended", 3, 954), ("money", 2, 126),
        ("money", 3, 750), ("ternary10", 2, 19), ("ternary10", 3, 67), ("mixed", 2, 28), ("mixed", 3, 139),
        ("constrained", 2, 30),
        ("constrained", 3, 115), ("negative", 2, 27), ("negative", 3, 78),
    ]

    @Test(arguments: budgets) func rowsAreNoMoreThanPictMakes(_ name: String, _ ways: Int, _ pict: Int) throws {
        let model = try Fixture.model(name)
        let rows = try CaseGenerator.rows(of: model, strength: .ways(ways), within: .seconds(300))
        #expect(rows.count * 100 <= pict * 105, "\(name) at \(ways): \(rows.count) rows, PICT has \(pict)")
        let report = try CoverageChecker.check(rows, of: model, strength: .ways(ways))
        #expect(report.isComplete && report.valid > 0)
    }

    /// Eight of nine rows of an orthogonal array leave something out, and nine are enough: the optimum is found.
    @Test func aSmallModelIsSolvedToTheOptimum() throws {
        let model = CaseModel(parameters: (0..<4).map { .init(name: "p\($0)", values: ["a", "b", "c"].map { CaseValue($0) }) })
        #expect(try CaseGenerator.rows(of: model, strength: .ways(2)).count == 9)
    }

    @Test func impliedConsequencesAreSeen() throws {
        // A=1 forces B=1, B=1 forces C=1: the pair (A=1, C=2) is nowhere forbidden by one constraint alone.
        let model = try CaseModel(
            pict: "A: 1, 2\nB: 1, 2\nC: 1, 2\nD: 1, 2\nIF [A] = 1 THEN [B] = 1;\nIF [B] = 1 THEN [C] = 1;", named: "m")
        let rows = try CaseGenerator.rows(of: model, strength: .ways(2))
        #expect(rows.allSatisfy(model.isValid))
        #expect(try CoverageChecker.check(rows, of: model, strength: .ways(2)).valid == 24 - 3)
    }

    @Test func aModelWithoutAValidRowNamesASmallestConflict() throws {
        let text = """
            A: 1, 2
            B: 1, 2
            C: 1, 2
            [C] = 1;
            [A] = [B];
            IF [C] = 1 THEN [A] = 1;
            IF [A] = 1 THEN [B] = 2;
            [B] > 0;
            """
        let error = #expect(throws: CaseDesignError.self) {
            try CaseGenerator.rows(of: CaseModel(pict: text, named: "m"), strength: .ways(2))
        }
        #expect(error?.kind == .unsatisfiable)
        let message = error?.message ?? ""
        for line in 4...7 { #expect(message.contains("line \(line): ")) }
        #expect(!message.contains("line 8"))
    }

    @Test func valuesThatNoRowHasAreNamed() throws {
        let model = try CaseModel(pict: "A: 1, 2, 3\nB: 1, 2\n[A] < 3 OR [B] > 2;", named: "m")
        #expect(try CaseGenerator.warnings(of: model) == ["no valid row has `A` = `3`"])
        let rows = try CaseGenerator.rows(of: model, strength: .ways(1))
        #expect(try CoverageChecker.check(rows, of: model, strength: .ways(1)).isComplete)
    }

    @Test func timeIsBounded() throws {
        let model = try Fixture.model("extended")
        for strength in [CaseStrength.ways(2), .ways(4)] {
            let error = #expect(throws: CaseDesignError.self) {
                try CaseGenerator.rows(of: model, strength: strength, within: .zero)
            }
            #expect(error?.kind == .timeout && error?.message.contains("took longer than") == true)
        }
        let error = #expect(throws: CaseDesignError.self) {
            try CoverageChecker.check([], of: model, strength: .ways(4), within: .zero)
        }
        #expect(error?.kind == .timeout)
    }

    @Test func tooMuchIsRefusedAtOnce() throws {
        let model = try Fixture.model("extended")
        let error = #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: model, strength: .all) }
        #expect(error?.kind == .tooLarge && error?.message.contains("152567280 valid rows") == true)
        let wide = CaseModel(
            parameters: (0..<400).map { .init(name: "p\($0)", values: (0..<30).map { CaseValue("\($0)") }) })
        #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: wide, strength: .ways(4)) }
        #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: model, strength: .ways(5)) }
    }

    @Test func seedsComeFirstAndCount() throws {
        var model = try Fixture.model("core")
        let rows = try CaseGenerator.rows(of: model, strength: .ways(2))
        model.seeds = rows.map { $0.values.map(Int?.some) }
        #expect(try CaseGenerator.rows(of: model, strength: .ways(2), seed: 99) == rows, "a complete array needs nothing more")
        model.seeds = [[nil, 2, nil, nil, nil], rows[7].values.map(Int?.some)]
        let seeded = try CaseGenerator.rows(of: model, strength: .ways(2))
        #expect(seeded[0].values[1] == 2)
        #expect(seeded[1] == rows[7])
    }

    @Test func aSeedThatBreaksAConstraintIsNamed() throws {
        var model = try Fixture.model("core")
        model.seeds = [[1, nil, nil, nil, nil], [2, nil, 5, nil, nil]]
        let error = #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: model, strength: .ways(2)) }
        #expect(error?.kind == .seed)
        #expect(
            error?.message
                == "seed 2 (balance=1, account=CLOSED) breaks the constraint of line 9: IF [account] = \"CLOSED\" THEN [balance] = 0"
        )
    }

    @Test func oneParameterAndHigherStrengthThanParameters() throws {
        let model = CaseModel(parameters: [.init(name: "a", values: [CaseValue("x"), CaseValue("y")])])
        #expect(try CaseGenerator.rows(of: model, strength: .ways(1)).count == 2)
        #expect(try CaseGenerator.rows(of: model, strength: .ways(4)).count == 2)
        #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: CaseModel(parameters: []), strength: .ways(2)) }
    }

    /// More values than a word has bits.
    @Test func manyValuesOfOneParameter() throws {
        let model = CaseModel(
            parameters: [130, 3, 65, 2].enumerated().map { index, size in
                .init(name: "p\(index)", values: (0..<size).map { CaseValue("v\($0)") })
            })
        let rows = try CaseGenerator.rows(of: model, strength: .ways(2))
        let report = try CoverageChecker.check(rows, of: model, strength: .ways(2))
        #expect(report.isComplete && report.valid == 390 + 8_450 + 260 + 195 + 6 + 130)
        #expect(rows.count == 8_450)
    }

    @Test func weightsDecideWhatCoverageLeavesOpen() throws {
        func share(_ weight: Int) throws -> Int {
            let model = try CaseModel(
                pict: "A: \((0..<40).map(String.init).joined(separator: ", "))\nB: x (\(weight)), y\nC: p, q", named: "m")
            return try CaseGenerator.rows(of: model, strength: .ways(1)).count { $0.values[1] == 0 }
        }
        #expect(try share(1_000) > share(1) + 5)
    }

    /// PICT's own example: nine rows without negative values, and each negative value beside each positive one.
    @Test func negativeValuesStandAlone() throws {
        let model = try CaseModel(pict: "A: ~-1, 0, 1, 2\nB: ~-1, 0, 1, 2", named: "m")
        let rows = try CaseGenerator.rows(of: model, strength: .ways(2))
        #expect(rows.count == 15)
        // A pair without a negative value counts only where nothing masks it.
        let three = try CaseModel(pict: "A: ~-1, 0, 1\nB: 0, 1\nC: 0, 1", named: "m")
        let masked = [
            [0, 0, 0], [0, 1, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0], [2, 0, 0], [1, 1, 0], [2, 1, 0], [1, 0, 1], [2, 0, 1],
        ]
        let report = try CoverageChecker.check(masked.map(CaseRow.init), of: three, strength: .ways(2))
        #expect(report.missing == [.init(parameters: [1, 2], values: [1, 1])])
    }
}
