import GRDB
import InterestContract
import Testing

@testable import PayoutService

/// Each fault changes what it says: the plain service answers its probe by the rules, the faulty one otherwise.
@Suite struct FaultTests {
    @Test(arguments: FaultProbe.all) func aFaultAnswersItsProbeWrong(_ probe: FaultProbe) async throws {
        for (faults, expected) in [([], probe.plain), ([probe.fault], probe.faulty)] {
            var options = Bank.Options()
            options.faults = faults
            try await Bank.open(probe.accounts, options) { bank in
                let answer = try await probe.ask(bank)
                #expect(answer == expected, "\(faults)")
            }
        }
    }

    @Test func thereAreAtLeastThirtySixWithAProbeAndANameOfTheirOwn() {
        #expect(Faults.all.count >= 36)
        #expect(Set(Faults.all.map(\.name)).count == Faults.all.count)
        #expect(FaultProbe.all.map(\.fault).sorted() == Faults.all.map(\.name).sorted())
        #expect(Faults.all.allSatisfy { Fault.Policy(rawValue: $0.policy) != nil })
        for fault in Faults.all {
            // One sentence, to be read in a table.
            #expect(fault.about.hasSuffix(".") && fault.about.count < 130 && !fault.about.contains("\n"), "\(fault.name)")
        }
    }

    /// The guard that a fault takes away is taken from its own store alone: the schema of all others has it.
    @Test func withoutAFaultTheDayIsGuardedByTheSchema() async throws {
        try await Bank.open([FaultProbe.thousandADay()]) { bank in
            let books = try #require(bank.service.books as? SQLiteBooks)
            let guards = try await books.database.read { database in
                try database.indexes(on: "payout").filter(\.isUnique).map(\.name)
            }
            #expect(guards.contains("payout_once_a_day"))
        }
    }

    @Test func anUnknownFaultIsRefusedWithTheList() {
        do {
            _ = try Faults.apply(["round-half-up", "nonsense"])
            Issue.record("nonsense was taken for a fault")
        } catch {
            #expect(error.description.contains("`nonsense`"))
            for fault in Faults.all { #expect(error.description.contains(fault.name)) }
        }
    }
}
