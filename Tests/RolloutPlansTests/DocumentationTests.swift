import Foundation
import Migration
import Testing

@testable import RolloutPlans

@Suite("docs/migration.md")
struct DocumentationTests {
    /// The part about plans; what comes after is about running one.
    private static var plans: String {
        get throws { try RepositoryFiles.text("docs/migration.md").components(separatedBy: "\n## Running a rollout")[0] }
    }

    @Test("describes every key, and no other")
    func keys() throws {
        let page = try Self.plans
        let described = page.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
            // All five columns, with a type and a meaning or a range.
            #expect(line.split(separator: "|").count == 5, "\(line)")
            return String(line.dropFirst(3)[..<end])
        }
        #expect(Set(described).count == described.count, "a key is described twice")
        #expect(Set(described).subtracting(PlanKeys.paths).isEmpty)
        #expect(Set(PlanKeys.paths).subtracting(described).isEmpty)
    }

    @Test("has examples that are right")
    func examples() throws {
        let page = try Self.plans
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 2)
        for block in blocks {
            _ = try RolloutPlanFile.parse(text: block, named: "example", environment: RepositoryFiles.environment)
        }
    }

    /// The figures of the worked example.
    @Test("works its example out rightly")
    func example() throws {
        let page = try RepositoryFiles.text("docs/migration.md")
        let policy = PromotionPolicy(
            operations: try ["preview", "payout"].map { name in
                OperationRates(
                    name: name, good: try #require(Share(thousandths: 100)), bad: try #require(Share(thousandths: 1_000)))
            })
        for attempt in 1...2 {
            let test = try #require(policy.test(of: policy.operations[0], attempt: attempt))
            let needed = [0, 1].map { test.comparisonsNeeded(mismatches: $0) }
            #expect(page.contains("| \(attempt) | \(needed[0]) | \(needed[1]) |"), "\(attempt): \(needed)")
        }
    }
}
