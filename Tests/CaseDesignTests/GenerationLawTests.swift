import Testing

@testable import CaseDesign

/// What holds for every model, on random small ones, held against brute force.
@Suite struct GenerationLawTests {
    private static let seeds = Array(UInt64(1)...20)

    @Test(arguments: seeds) func everyValidCombinationIsCoveredByValidRows(_ seed: UInt64) throws {
        var models = RandomModels(seed: seed)
        for _ in 0..<4 {
            let model = models.next()
            let valid = Set(RandomModels.validRows(model))
            for ways in 1...4 where ways <= model.parameters.count {
                if valid.isEmpty {
                    #expect(throws: CaseDesignError.self) { try CaseGenerator.rows(of: model, strength: .ways(ways)) }
                    continue
                }
                let rows = try CaseGenerator.rows(of: model, strength: .ways(ways), seed: seed).map(\.values)
                #expect(rows.allSatisfy(valid.contains), "a row that is not valid: \(model)")
                #expect(Set(rows).count == rows.count, "a row that stands twice: \(model)")
                let required = RandomModels.required(model, ways)
                #expect(RandomModels.covered(rows, model, ways).count == required.count, "\(ways)-way: \(model)")
                for wanted in model.seeds {
                    #expect(rows.contains { row in zip(row, wanted).allSatisfy { $1 == nil || $0 == $1 } })
                }
            }
            if !valid.isEmpty {
                let all = try CaseGenerator.rows(of: model, strength: .all).map(\.values)
                #expect(all.count == valid.count && Set(all) == valid)
                #expect(try CaseGenerator.validRows(of: model) == valid.count)
            }
        }
    }

    @Test(arguments: seeds) func theCheckerCountsWhatBruteForceCounts(_ seed: UInt64) throws {
        var models = RandomModels(seed: seed &+ 1_000)
        var chance = SplitMix64(seed: seed)
        for _ in 0..<4 {
            let model = models.next()
            let every = RandomModels.everyRow(model)
            let valid = Set(RandomModels.validRows(model))
            // Any rows at all, valid or not: the checker takes nothing for granted.
            let rows = (0..<1 + chance.next(below: 12)).map { _ in every[chance.next(below: every.count)] }
            for ways in 1...model.parameters.count where ways <= 4 {
                let report = try CoverageChecker.check(
                    rows.map(CaseRow.init), of: model, strength: .ways(ways), missingMax: 100_000)
                #expect(report.valid == RandomModels.required(model, ways).count, "\(ways)-way: \(model)")
                #expect(
                    report.covered == RandomModels.covered(rows.filter(valid.contains), model, ways).count,
                    "\(ways)-way: \(model)")
                #expect(report.missing.count == report.missingCount)
                #expect(report.invalidRows.map(\.index) == rows.indices.filter { !valid.contains(rows[$0]) })
            }
            let report = try CoverageChecker.check(rows.map(CaseRow.init), of: model, strength: .all)
            #expect(report.valid == valid.count && report.covered == valid.intersection(rows).count)
        }
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let model = try Fixture.model("constrained")
        let text = { (seed: UInt64) throws in
            CaseTable.text(try CaseGenerator.rows(of: model, strength: .ways(2), seed: seed), of: model, as: .csv)
        }
        #expect(try text(7) == text(7))
        #expect(try text(7) != text(8))
        // Written down once: another machine, another run of the same code, must give these bytes.
        let small = try CaseModel(pict: "A: 1, 2, 3\nB: x, y\nC: p, q\nIF [A] = 1 THEN [B] = \"x\";", named: "m")
        let rows = try CaseGenerator.rows(of: small, strength: .ways(2), seed: 42)
        #expect(rows.map { $0.values.map(String.init).joined() } == Fixture.smallRows)
    }
}
