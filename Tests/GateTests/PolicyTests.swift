import Foundation
import RuleFiles
import RunRecords
import Testing
import Yams

@testable import Gate

@Suite("The policy file")
struct PolicyTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func complaints(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try GatePolicy.parse(text: text, named: "gate.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("Every key is read")
    func whole() throws {
        let policy = try GatePolicy.parse(
            text: """
                runs:
                  required:
                    - { kind: matrix, name: core, compared-min: 2000, strength-min: 3, coverage-min: 99.5 }
                    - { kind: proxy }
                  age-max: 24h
                  same-candidate: true
                  candidate-build: 4f2a
                compared: { run-min: 10, operation-min: 5, operations: { payout: 300 }, dimension-value-min: 2, dimensions: { tax: 7 } }
                mismatches:
                  allowed-max: 3
                  rate-max: 0.5
                  operation-rate-max: 1%
                  operations: { payout: 0.2 }
                  confidence: 99
                  critical-operations: [payout, closure]
                  critical-paths: [$.netInterest, journal $.lines, status]
                coverage: { strength-min: 2, percent-min: 100 }
                proof: { self-test: [matrix], positive-control: [matrix, proxy], faults-min: 36, killed-min: 99 }
                limits: { flaky-max: 1, errors-max: 0.1, not-run-max: 2, excused-max: 4 }
                inconclusive: pass
                """, named: "gate.yaml")
        var expected = GatePolicy()
        expected.source = "gate.yaml"
        expected.runs.required = [
            RequiredRun(
                kind: .matrix, name: "core", comparedMin: 2_000, strengthMin: 3, coverageMin: Percentage(thousandths: 99_500)),
            RequiredRun(kind: .proxy),
        ]
        expected.runs.ageMaxMs = 86_400_000
        expected.runs.sameCandidate = true
        expected.runs.candidateBuild = "4f2a"
        expected.compared.run = 10
        expected.compared.operation = 5
        expected.compared.operations = ["payout": 300]
        expected.compared.dimensionValue = 2
        expected.compared.dimensions = ["tax": 7]
        expected.mismatches.allowedMax = 3
        expected.mismatches.rateMax = Percentage(thousandths: 500)
        expected.mismatches.operationRateMax = Percentage(thousandths: 1_000)
        expected.mismatches.operationRates = ["payout": Percentage(thousandths: 200)]
        expected.mismatches.confidence = Percentage(thousandths: 99_000)
        expected.mismatches.criticalOperations = ["payout", "closure"]
        expected.mismatches.criticalPaths = ["$.netInterest", "journal $.lines", "status"].map(CriticalPath.init)
        expected.coverage.strengthMin = 2
        expected.coverage.percentMin = .all
        expected.proof.selfTest = [.matrix]
        expected.proof.positiveControl = [.matrix, .proxy]
        expected.proof.faultsMin = 36
        expected.proof.killedMin = Percentage(thousandths: 99_000)
        expected.limits.flakyMax = 1
        expected.limits.errorsMax = Percentage(thousandths: 100)
        expected.limits.notRunMax = Percentage(thousandths: 2_000)
        expected.limits.excusedMax = 4
        expected.inconclusivePasses = true
        #expect(policy == expected)
    }

    @Test("A policy that says nothing is the strict defaults", arguments: ["", "# nothing\n", "---\n# nothing\n", "{}\n"])
    func nothing(_ text: String) throws {
        var expected = GatePolicy()
        expected.source = "gate.yaml"
        #expect(try GatePolicy.parse(text: text, named: "gate.yaml") == expected)
    }

    @Test(
        "What is wrong is named with its place",
        arguments: [
            ("comparred: {}", "gate.yaml:1:1: comparred: unknown key; did you mean `compared`?"),
            ("compared:\n  run-min: 0", "gate.yaml:2:12: compared.run-min: found `0`; a whole number from 1"),
            ("mismatches: { rate-max: 0 }", "gate.yaml:1:25: mismatches.rate-max: no number of rows proves a rate of 0"),
            ("mismatches: { rate-max: 101 }", "a percentage from 0 to 100"),
            ("mismatches: { confidence: 100 }", "a confidence from 50 to 99.999"),
            ("mismatches: { critical-paths: [\"$.a[\"] }", "mismatches.critical-paths[0]"),
            ("mismatches: { operations: [payout] }", "a mapping of names is expected"),
            ("runs: { required: [{ name: core }] }", "`kind` is missing"),
            ("runs: { required: [{ kind: matrx }] }", "did you mean `matrix`?"),
            ("runs: { required: [{ kind: proxy, strength-min: 2 }] }", "only a matrix has a coverage"),
            ("runs: { required: [{ kind: proxy }, { kind: proxy }] }", "this run is required already"),
            ("runs: { age-max: 5 }", "a duration from"),
            ("runs: { candidate-build: \"\" }", "an empty text is part of every candidate"),
            ("inconclusive: maybe", "allowed are `pass`, `fail`"),
            ("compared: { operations: { payout: many } }", "compared.operations.payout: found `many`"),
            ("- a", "a mapping is expected"), ("a: [", "this is not YAML"),
        ])
    func wrong(_ text: String, _ complaint: String) {
        let found = complaints(text)
        #expect(found.contains { $0.contains(complaint) }, "\(found)")
    }

    @Test("All complaints come at once")
    func together() { #expect(complaints("compared: { run-min: x }\nlimits: { flaky-max: y }\nproof: { killed: 1 }").count == 3) }

    @Test("docs/ci.md describes every key, and none that isn't")
    func documented() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/ci.md"), encoding: .utf8)
        let table = try #require(
            page.components(separatedBy: "| key | default | meaning |").last?.components(separatedBy: "\n\n")[0])
        let described = table.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`")
            else { return nil }
            return String(line.dropFirst(3)[..<end])
        }
        #expect(Set(described).count == described.count, "a key is described twice")
        #expect(Set(described) == Set(PolicyKeys.paths))
    }

    @Test("docs/ci.md names every rule of the gate, and every exit status")
    func rulesDocumented() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/ci.md"), encoding: .utf8)
        for rule in GateRule.all { #expect(page.contains("`\(rule.name)`"), "\(rule.name)") }
        for status in ["0", "1", "2", "3", "4", "64", "65", "66", "70", "73"] {
            #expect(page.contains("\n| \(status) |"), "\(status)")
        }
    }

    @Test("The bank's policy and the page's examples are right")
    func examples() throws {
        let bank = try GatePolicy.load(path: Self.root.appending(path: "fixtures/gate-bank.yaml").path)
        #expect(Set(bank.runs.required.map(\.title)) == ["matrix core", "matrix extended", "matrix money", "prove"])
        #expect(bank.proof.faultsMin >= 36 && bank.proof.killedMin == .all && !bank.inconclusivePasses)
        let page = try String(contentsOf: Self.root.appending(path: "docs/ci.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 3)
        for block in blocks {
            let node = try #require(try Yams.compose(yaml: block))
            #expect(node.mapping?.isEmpty == false)
            if block.contains("mismatches:") { _ = try GatePolicy.parse(text: block, named: "example") }
        }
    }
}
