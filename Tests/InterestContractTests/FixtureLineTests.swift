import InterestContract
import Testing

@Suite struct FixtureLineTests {
    static let line =
        #"{"customer":{"id":"C1","state":"NORMAL","taxCategory":"TREATY","treatyPpm":150000},"account":{"id":"1000-0000-0001","#
        + #""state":"FRAUD_HOLD","depositFreeze":false,"withdrawalFreeze":true,"heldAmount":7,"incidentAmount":9,"product":"DEMAND-2","#
        + #""openedOn":"2025-01-01","lastPaidOn":"2026-03-01","pots":[{"id":"P1","balance":5}],"#
        + #""entries":[{"bookedOn":"2025-01-03","valuedOn":"2025-01-02","amount":-100000000}]}}"#

    @Test func readsAndWritesTheSameLine() throws {
        let account = try FixtureAccount(Array(Self.line.utf8))
        #expect(account.id == "1000-0000-0001" && account.customer.treatyPpm == 150_000 && account.incidentAmount == 9)
        #expect(account.entries.first?.amount == -100_000_000 && account.pots.first?.balance == 5)
        #expect(String(decoding: account.json, as: UTF8.self) == Self.line)
    }

    @Test(arguments: [
        (#""incidentAmount":9"#, #""incidentAmount":null"#), (#""treatyPpm":150000"#, #""treatyPpm":null"#),
        (#""TREATY""#, #""RESIDENT""#), (#""treatyPpm":150000"#, #""treatyPpm":1000001"#), (#""NORMAL""#, #""ALIVE""#),
        (#""openedOn":"2025-01-01""#, #""openedOn":"2025-01-03""#), (#""bookedOn":"2025-01-03""#, #""bookedOn":"2025-01-01""#),
        (#""lastPaidOn":"2026-03-01""#, #""lastPaidOn":"2024-12-31""#), (#""heldAmount":7"#, #""heldAmount":-1"#),
        (#""balance":5"#, #""balance":-5"#), (#""heldAmount":7,"#, ""), (#""heldAmount":7"#, #""heldAmount":7,"more":1"#),
        (#"-100000000"#, #"-100000000.0"#), (#""1000-0000-0001""#, #""1000 0001""#),
    ])
    func refusesWhatBreaksTheRules(part: String, broken: String) throws {
        let text = Self.line.replacing(part, with: broken)
        try #require(text != Self.line)
        #expect(throws: Problem.self) { try FixtureAccount(Array(text.utf8)) }
    }

    @Test func namesTheLineThatIsWrong() {
        let other = Self.line.replacing("1000-0000-0001", with: "1000-0000-0002")
        let file = Self.line + "\r\n\n" + other + "\n" + Self.line + "\n"
        do {
            _ = try FixtureAccount.lines(Array(file.utf8))
            Issue.record("an account that stands twice was taken")
        } catch {
            #expect(error.detail == "fixture line 4: account 1000-0000-0001 stands twice")
        }
        #expect(throws: Never.self) { try FixtureAccount.lines(Array((Self.line + "\r\n\n" + other).utf8)) }
    }
}

@Suite struct ProductCatalogueTests {
    @Test func readsSchedulesAndSortsThem() throws {
        let catalogue = try ProductCatalogue(
            yaml: """
                STEP:
                  - since: 2022-12-13
                    bands:
                      - { upTo: 50000000, ppm: 23000 }
                      - { ppm: 40000 }
                  - since: 2000-01-01
                    bands: [{ ppm: 23000 }]
                """)
        let schedules = try #require(catalogue.schedules["STEP"])
        #expect(schedules.map(\.since.description) == ["2000-01-01", "2022-12-13"])
        #expect(schedules.last?.bands == [RateBand(upTo: 50_000_000, ppm: 23_000), RateBand(upTo: nil, ppm: 40_000)])
    }

    @Test(arguments: [
        ("", "mapping"), ("- a", "mapping"), ("A: [", "no YAML"), ("A_B:\n  - 1", "product code"), ("A: 1", "list of schedules"),
        ("A: []", "list of schedules"), ("A:\n  - since: 2020-01-01", "exactly `since`"),
        ("A:\n  - { since: 2020-02-30, bands: [{ ppm: 1 }] }", "exactly `since`"),
        ("A:\n  - { since: 2020-01-01, bands: [{ ppm: 1 }], until: 2021-01-01 }", "exactly `since`"),
        ("A:\n  - { since: 2020-01-01, bands: [{ ppm: 2 % }] }", "has `ppm`"),
        ("A:\n  - { since: 2020-01-01, bands: [{ ppm: 1, upto: 3 }] }", "has `ppm`"),
        ("A:\n  - { since: 2020-01-01, bands: [{ upTo: x, ppm: 1 }] }", "whole number"),
        ("A:\n  - { since: 2020-01-01, bands: [{ upTo: 5, ppm: 1 }] }", "last band"),
        ("A:\n  - { since: 2020-01-01, bands: [{ ppm: 1000001 }] }", "0 … 1 000 000"),
        ("A:\n  - { since: 2020-01-01, bands: [{ ppm: 1 }] }\n  - { since: 2020-01-01, bands: [{ ppm: 2 }] }", "one date"),
    ])
    func refusesWithASentence(yaml: String, part: String) {
        do {
            _ = try ProductCatalogue(yaml: yaml)
            Issue.record("taken: \(yaml)")
        } catch {
            #expect(error.detail.contains(part))
        }
    }
}
