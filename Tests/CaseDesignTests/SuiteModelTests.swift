import Foundation
import RuleFiles
import Testing

@testable import CaseDesign

/// The model's part of a suite file.
@Suite struct SuiteModelTests {
    private static let keys = SectionKeys("", ["parameters", "constraints", "seeds"])

    private static func read(_ text: String, named: String = "suite.yaml") -> (model: CaseModel?, problems: [String]) {
        let problems = Problems(file: named)
        guard let section = ConfigurationText.compose(text, problems)?.section(keys), let parameters = section["parameters"]
        else {
            return (nil, problems.list.map(\.description))
        }
        let model = CaseModel(parameters: parameters, constraints: section["constraints"], seeds: section["seeds"])
        return (model, problems.list.map(\.description))
    }

    @Test func aModelIsRead() throws {
        let (model, problems) = Self.read(
            """
            parameters:
              balance: [-1000000, 0, 50000000]
              delivery: [first, "click-against-batch"]
              time: ["00:00", ~bad]
            constraints: |
              # Nothing is clicked for nothing.
              IF [balance] <= 0
              THEN [delivery] = "first";
            seeds:
              - { balance: 50000000, delivery: click-against-batch }
            """)
        #expect(problems == [])
        #expect(model?.parameters.map(\.name) == ["balance", "delivery", "time"])
        #expect(model?.parameters.map(\.isNumeric) == [true, false, false])
        #expect(model?.parameters[2].values[1].isNegative == true)
        #expect(model?.seeds == [[2, 1, nil]])
        #expect(model?.constraints.map(\.line) == [7])
        #expect(model?.constraints.map(\.text) == ["IF [balance] <= 0 THEN [delivery] = \"first\""])
    }

    @Test(arguments: [
        ("parameters: [a]", "suite.yaml:1:13: parameters: a mapping is expected"),
        ("parameters: { a: [1, 1] }", "suite.yaml:1:22: parameters.a[1]: the value `1` stands twice"),
        ("parameters: { a: [1], A: [2] }", "suite.yaml:1:23: parameters: the parameter `A` stands twice"),
        ("parameters: { a: [] }", "suite.yaml:1:18: parameters.a: a parameter needs at least one value"),
        ("parameters: { a: 1 }", "suite.yaml:1:18: parameters.a: found `1`; a list is expected"),
        ("parameters: { a: [1, [2]] }", "suite.yaml:1:22: parameters.a[1]: found a list; a value is expected"),
        ("parameters: { a: [1, 2] }\nseeds: [{ b: 1 }]", "suite.yaml:2:11: seeds[0]: there is no parameter `b`"),
        ("parameters: { a: [1, 2] }\nseeds: [{ a: 3 }]", "suite.yaml:2:14: seeds[0].a: `a` has no value `3`"),
        ("parameters: { a: [1, 2] }\nseeds: [1]", "suite.yaml:2:9: seeds[0]: a mapping is expected"),
        ("parameters: { a: [1, 2] }\nconstraints: \"[a] = x;\"", "suite.yaml:2:21: constraints: found `x`"),
    ]) func aMistakeIsSaidWithItsPlace(_ text: String, _ start: String) {
        let (model, problems) = Self.read(text)
        #expect(model == nil)
        #expect(problems.first?.hasPrefix(start) == true, "\(problems)")
    }

    /// YAML takes a block's margin away; the place named is the one in the file.
    @Test func aMistakeInABlockIsAtItsColumnInTheFile() throws {
        let text = "parameters: { a: [1, 2] }\nconstraints: |\n\n    [a] <> 2;\n    [a] ! 1;\n"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("case-design-\(UUID().uuidString).yaml")
        try text.write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let (_, problems) = Self.read(text, named: path.path)
        #expect(problems.first?.hasPrefix("\(path.path):5:9: constraints: found `!`") == true, "\(problems)")
    }
}
