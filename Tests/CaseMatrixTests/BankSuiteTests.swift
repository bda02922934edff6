import CaseDesign
import CaseMatrix
import Foundation
import InterestContract
import Testing

/// The bank's own suites under fixtures/matrices.
@Suite struct BankSuiteTests {
    static let names = ["core", "extended", "money"]

    static func suite(_ name: String) throws -> CaseMatrix.Suite {
        try .load(path: ProjectFolder.path("fixtures/matrices/\(name).yaml"))
    }

    @Test(arguments: names) func everyPairwiseRowBecomesAnAccountThatTheBankTakes(name: String) throws {
        let suite = try Self.suite(name)
        let rows = try CaseGenerator.rows(of: suite.model, strength: .ways(2), seed: suite.seed, within: .seconds(60))
        #expect(rows.count > 60)
        let catalogue = try ProductCatalogue(yaml: String(contentsOfFile: try #require(suite.products), encoding: .utf8))
        for (number, row) in rows.enumerated() {
            let plan = try suite.plan(row, case: "T-\(number)")
            let accounts = try FixtureAccount.lines(Array(plan.fixture.utf8))
            #expect(accounts.first?.id == "MX-T-\(number)")
            let days = plan.steps.flatMap(\.calls).compactMap { call in
                call.headers.first { $0.name == "X-Request-Time" }.flatMap { Self.businessDate($0.value) }
            }
            let earliest = try #require(days.min())
            for account in accounts {
                #expect(catalogue.schedules[account.product] != nil)
                // Nothing may lie after the first call's business date, or one side could refuse what the other does not look at.
                let dates = [account.openedOn] + [account.lastPaidOn].compactMap(\.self) + account.entries.map(\.bookedOn)
                #expect(dates.allSatisfy { $0 <= earliest }, "\(plan.values)")
            }
            for call in plan.steps.flatMap(\.calls) + plan.readBack where call.method == "POST" {
                let key = try #require(call.headers.first { $0.name == "Idempotency-Key" }?.value)
                #expect(key.hasPrefix("T-\(number)-") && WireRequests.isIdempotencyKey(key))
            }
        }
    }

    /// The Korean date of an instant, by Foundation.
    private static func businessDate(_ text: String) -> CivilDate? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = text.contains(".") ? [.withInternetDateTime, .withFractionalSeconds] : [.withInternetDateTime]
        guard let date = formatter.date(from: text) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        guard let korea = TimeZone(secondsFromGMT: 9 * 3_600) else { return nil }
        calendar.timeZone = korea
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    @Test func coreHasEveryCombination() throws {
        let suite = try Self.suite("core")
        let rows = try CaseGenerator.rows(of: suite.model, strength: suite.strength, seed: suite.seed)
        #expect(suite.strength == .all)
        #expect(rows.count == 15 * 4 * 6 * 2 * 2)
    }

    @Test(arguments: names) func defaultsAreAPlainAccountThatIsPaid(name: String) throws {
        let suite = try Self.suite(name)
        let plan = try suite.plan(suite.defaults, case: "D")
        let account = try #require(try FixtureAccount.lines(Array(plan.fixture.utf8)).first)
        #expect(account.customer.state == .normal && account.state == .active)
        #expect(!account.depositFreeze && !account.withdrawalFreeze && account.heldAmount == 0)
        #expect(plan.steps.contains { $0.calls.map(\.label) == ["payout"] })
    }

    /// A label that no row has would make an invariant never be asked.
    @Test func everyLabelOfTheSharedInvariantsIsSomeonesAnswer() throws {
        var labels: Set<String> = []
        for name in Self.names {
            let suite = try Self.suite(name)
            for row in try CaseGenerator.rows(of: suite.model, strength: .ways(1), seed: 1) {
                let plan = try suite.plan(row, case: "L")
                labels.formUnion((plan.steps.flatMap(\.calls) + plan.readBack).map(\.label))
            }
        }
        let text = try String(contentsOfFile: ProjectFolder.path("fixtures/matrices/bank.yaml"), encoding: .utf8)
        for line in text.split(separator: "\n") where line.contains("for: [") {
            let list = line.split(separator: "[")[1].dropLast()
            for label in list.split(separator: ",") {
                #expect(labels.contains(label.trimmingCharacters(in: .whitespaces)), "\(label)")
            }
        }
    }
}

enum ProjectFolder {
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(name).path
    }
}
