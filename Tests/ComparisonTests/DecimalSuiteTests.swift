import Testing

@testable import Comparison

/// Mike Cowlishaw's decTest: comparison, total order and parsing of decimals of any length.
@Suite struct DecimalSuiteTests {
    private struct Case {
        let name: String
        let operation: String
        let operands: [String]
        let result: String
        /// The conditions raised, `Inexact` among them.
        let conditions: [String]
    }

    private func cases(_ file: String) throws -> [Case] {
        try Fixtures.lines("dectest/\(file).decTest").compactMap { line in
            let words = line.split(separator: " ").map { $0.trimmingQuotes() }
            guard words.count >= 5 || words.count == 4, let arrow = words.firstIndex(of: "->"), arrow >= 3,
                arrow + 1 < words.count,
                !line.hasPrefix("--")
            else { return nil }
            return Case(
                name: words[0], operation: words[1].lowercased(), operands: Array(words[2..<arrow]), result: words[arrow + 1],
                conditions: Array(words[(arrow + 2)...]))
        }
    }

    /// As the comparison of two answers orders them, from their text.
    private func textOrder(_ left: String, _ right: String) -> Int? {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let left = DecimalText(left), let right = DecimalText(right) else { return nil }
                return DecimalText.order(left, right)
            }
        }
    }

    private func order(_ left: ExactDecimal, _ right: ExactDecimal) -> Int { left < right ? -1 : left == right ? 0 : 1 }

    private func isFinite(_ text: String) -> Bool {
        !text.lowercased().contains("n") && !text.contains("#") && !text.isEmpty
    }

    @Test func comparesAsTheSuiteSays() throws {
        var count = 0
        for test in try cases("compare") where test.operation == "compare" && test.operands.allSatisfy(isFinite) {
            guard let expected = Int(test.result) else { continue }
            let left = try #require(ExactDecimal(test.operands[0]), "\(test.name)")
            let right = try #require(ExactDecimal(test.operands[1]), "\(test.name)")
            #expect(order(left, right) == expected, "\(test.name)")
            #expect(textOrder(test.operands[0], test.operands[1]) == expected, "\(test.name)")
            #expect(textOrder(test.operands[1], test.operands[0]) == -expected, "\(test.name)")
            count += 1
        }
        #expect(count > 500)
    }

    @Test func agreesWithTheTotalOrderWhereverValuesDiffer() throws {
        var count = 0
        for test in try cases("comparetotal") where test.operation == "comparetotal" && test.operands.allSatisfy(isFinite) {
            guard let expected = Int(test.result) else { continue }
            let found = try #require(textOrder(test.operands[0], test.operands[1]), "\(test.name)")
            // The total order tells 1.0 from 1; by value these two are the same.
            #expect(found == expected || (found == 0 && expected != 0), "\(test.name)")
            if found == 0, expected != 0 {
                #expect(ExactDecimal(test.operands[0]) == ExactDecimal(test.operands[1]), "\(test.name)")
            }
            count += 1
        }
        #expect(count > 400)
    }

    @Test func readsWhatTheSuiteReadsAndRefusesWhatItRefuses() throws {
        var taken = 0
        var refused = 0
        for test in try cases("base") where ["tosci", "toeng", "apply"].contains(test.operation) {
            let operand = test.operands[0]
            if operand.lowercased().contains("nan") || operand.lowercased().contains("inf") || operand.contains("#") { continue }
            if test.result == "NaN" {
                #expect(ExactDecimal(operand) == nil, "\(test.name) \(operand)")
                refused += 1
            } else if isFinite(test.result) {
                #expect(ExactDecimal(operand) != nil, "\(test.name) \(operand)")
                taken += 1
            }
        }
        #expect(taken > 400 && refused >= 60, "\(taken) \(refused)")
    }

    @Test func exactResultsAreKept() throws {
        // Where the suite's own result was not rounded, the value must be the same one.
        var count = 0
        for test in try cases("base") where test.operation == "tosci" && isFinite(test.operands[0]) && isFinite(test.result) {
            guard !test.conditions.contains("Rounded"), !test.conditions.contains("Inexact"),
                let operand = ExactDecimal(test.operands[0])
            else { continue }
            #expect(ExactDecimal(test.result) == operand, "\(test.name)")
            count += 1
        }
        #expect(count > 100)
    }
}

extension Substring {
    fileprivate func trimmingQuotes() -> String {
        for quote in ["'", "\""] where hasPrefix(quote) && hasSuffix(quote) && count >= 2 {
            return String(dropFirst().dropLast())
        }
        return String(self)
    }
}
