import Testing

@testable import CaseDesign

@Suite struct CoverageCheckerTests {
    /// A row of an array in which no row is needless leaves a gap when it goes.
    @Test(arguments: [2, 3]) func aRowTakenOutIsMissed(_ ways: Int) throws {
        let model = try Fixture.model("core")
        let rows = try CaseGenerator.rows(of: model, strength: .ways(ways))
        for index in stride(from: 0, to: rows.count, by: 7) {
            var fewer = rows
            fewer.remove(at: index)
            let report = try CoverageChecker.check(fewer, of: model, strength: .ways(ways))
            #expect(report.missingCount > 0 && !report.isComplete)
            for combination in report.missing {
                #expect(zip(combination.parameters, combination.values).allSatisfy { rows[index].values[$0] == $1 })
            }
        }
    }

    @Test func rowsThatBreakTheRulesAreNamedAndCoverNothing() throws {
        let model = try Fixture.model("core")
        var rows = try CaseGenerator.rows(of: model, strength: .ways(2))
        let whole = try CoverageChecker.check(rows, of: model, strength: .ways(2))
        #expect(whole.isComplete && whole.valid == whole.covered)
        // CLOSED with a balance; a value that is not there; too few values.
        rows += [CaseRow([2, 0, 5, 0, 0]), CaseRow([15, 0, 0, 0, 0]), CaseRow([0])]
        let report = try CoverageChecker.check(rows, of: model, strength: .ways(2))
        #expect(report.covered == whole.covered && report.valid == whole.valid && report.invalidCount == 3 && !report.isComplete)
        #expect(report.invalidRows.map(\.index) == [rows.count - 3, rows.count - 2, rows.count - 1])
        #expect(report.invalidRows[0].why.contains("line 9"))
        #expect(report.invalidRows[1].why == "`balance` has no value number 15")
    }

    @Test func twoNegativeValuesBreakTheRow() throws {
        let model = try CaseModel(pict: "A: ~-1, 0\nB: ~-1, 0", named: "m")
        let report = try CoverageChecker.check([CaseRow([0, 0])], of: model, strength: .ways(1))
        #expect(report.invalidRows.map(\.why) == ["the row holds more than one negative value: A=~-1, B=~-1"])
    }

    @Test func noRowsCoverNothing() throws {
        let model = try Fixture.model("negative")
        let report = try CoverageChecker.check([], of: model, strength: .ways(2), missingMax: 3)
        #expect(report.covered == 0 && report.valid == 120 && report.missing.count == 3)
    }

    /// The two algorithms agree on how many combinations are valid where constraints imply others.
    @Test(arguments: [1, 2, 3, 4]) func validCombinationsAreCountedAlike(_ ways: Int) throws {
        let model = try Fixture.model("constrained")
        let table = try TupleTable(sizes: model.parameters.map(\.values.count), ways: ways)
        let valid = try ValidRows(model, deadline: Deadline(within: .seconds(300)))
        var row = [Int](repeating: -1, count: valid.sizes.count)
        let permitted = [UInt8](repeating: 1, count: valid.valuesCount)
        var allowed = permitted
        var chosen: [[Int]] = []
        TupleTable.forEachSubset(of: row.count, without: -1, size: ways - 1) { chosen.append($0) }
        for others in chosen {
            func fill(_ place: Int) {
                guard valid.allow(row, permitted: permitted, into: &allowed) else { return }
                if place == others.count { return table.require(others, in: row, allowed: allowed, starts: valid.starts) }
                for value in 0..<valid.sizes[others[place]] {
                    row[others[place]] = value
                    fill(place + 1)
                }
                row[others[place]] = -1
            }
            fill(0)
        }
        table.finishRequiring()
        #expect(try CoverageChecker.check([], of: model, strength: .ways(ways)).valid == table.uncovered)
    }
}
