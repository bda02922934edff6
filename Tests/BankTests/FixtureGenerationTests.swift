import FixtureGeneration
import InterestContract
import Testing

@Suite struct SeededGeneratorTests {
    @Test func isSplitMix64() {
        // The published first outputs for seed 0 and 1234567.
        var zero = SeededGenerator(seed: 0)
        #expect(
            [zero.next(), zero.next(), zero.next()] == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
        var other = SeededGenerator(seed: 1_234_567)
        #expect(other.next() == 6_457_827_717_110_365_317)
    }

    @Test func drawsWithinItsBounds() {
        var random = SeededGenerator(seed: 9)
        var seen: Set<Int> = []
        for _ in 0..<500 { seen.insert(random.within(-2...3)) }
        #expect(seen == [-2, -1, 0, 1, 2, 3])
        var kinds: [String: Int] = [:]
        for _ in 0..<4_000 { kinds[random.pick(weighted: [("often", 3), ("never", 0), ("seldom", 1)]), default: 0] += 1 }
        #expect(kinds["never"] == nil)
        #expect((2_800...3_200).contains(kinds["often"] ?? 0))
        #expect(random.shuffled(Array(0..<100)).sorted() == Array(0..<100))
        #expect(random.shuffled(Array(0..<100)) != Array(0..<100))
    }
}

@Suite struct CalendarDayTests {
    @Test func countsEveryDayOfTheWiresYears() throws {
        var day = CalendarDay(try #require(CivilDate("1900-01-01")))
        let last = CalendarDay(try #require(CivilDate("2400-12-31")))
        var before = (day - 1 + 1).date
        #expect(CalendarFromDate.day("1970-01-01").number == 0)
        while day < last {
            day = day + 1
            let date = day.date
            // A day's successor: the next day of the month, or the first of the next.
            let follows =
                CivilDate(year: before.year, month: before.month, day: before.day + 1)
                ?? CivilDate(year: before.year, month: before.month + 1, day: 1)
                ?? CivilDate(year: before.year + 1, month: 1, day: 1)
            guard date == follows, CalendarDay(date) == day else {
                Issue.record("\(before) is followed by \(date), day \(day.number)")
                return
            }
            before = date
        }
    }
}

@Suite struct FixtureFileTests {
    static let accounts: [FixtureAccount] = {
        do { return try FixtureGenerator.accounts(seed: 1, count: 2_000) } catch { preconditionFailure("\(error)") }
    }()

    @Test func theCommittedFileIsWhatTheGeneratorWrites() throws {
        let committed = try ProjectFile.bytes("fixtures/accounts.jsonl")
        #expect(FixtureGenerator.file(Self.accounts) == committed, "run `bank fixtures --out fixtures/accounts.jsonl`")
        #expect(committed.count < 1_500_000)
        #expect(try FixtureAccount.lines(committed) == Self.accounts)
    }

    @Test func theSeedMovesTheOrdinaryAccountsAlone() throws {
        let other = try FixtureGenerator.accounts(seed: 2, count: 2_000)
        let corners = FixtureGenerator.cornerCount
        #expect(other.prefix(corners) == Self.accounts.prefix(corners))
        #expect(other.dropFirst(corners) != Self.accounts.dropFirst(corners))
        #expect(throws: Problem.self) { try FixtureGenerator.accounts(seed: 1, count: corners - 1) }
        #expect(try FixtureGenerator.accounts(seed: 1, count: corners).count == corners)
    }

    @Test func nothingBreaksTheRulesOrLiesInTheFuture() throws {
        let today = FixtureGenerator.businessDate.date
        #expect(today.description == "2026-03-02")
        let products = RunningPair.standardProducts.schedules
        for account in Self.accounts {
            #expect(throws: Never.self) { try account.check() }
            #expect(account.openedOn <= today && (account.lastPaidOn ?? today) <= today, "\(account.id)")
            #expect(account.entries.allSatisfy { $0.bookedOn <= today }, "\(account.id)")
            #expect(products[account.product] != nil, "\(account.id)")
        }
        #expect(Set(Self.accounts.map(\.id)).count == 2_000)
        // A customer who stands on several lines stands there alike.
        for (_, lines) in Dictionary(grouping: Self.accounts, by: \.customer.id) {
            #expect(Set(lines.map(\.customer)).count == 1)
        }
    }

    struct Class: Sendable, CustomTestStringConvertible {
        var name: String
        var atLeast = 1
        var holds: @Sendable (FixtureAccount) -> Bool

        init(_ name: String, atLeast: Int = 1, _ holds: @escaping @Sendable (FixtureAccount) -> Bool) {
            self.name = name
            self.atLeast = atLeast
            self.holds = holds
        }

        var testDescription: String { name }
    }

    static let classes: [Class] = {
        let today = FixtureGenerator.businessDate.date
        var classes = [
            Class("ordinary and payable", atLeast: 1_400, isOrdinary),
            Class("never paid", { $0.lastPaidOn == nil }), Class("opened today", { $0.openedOn == today }),
            Class("paid today", { $0.lastPaidOn == today }), Class("several pots", { $0.pots.count > 1 }),
            Class("an empty pot", { $0.pots.contains { $0.balance == 0 } }),
            Class("negative with pots that lift it", { balance($0) < 0 && potSum($0) + balance($0) > 0 }),
            Class("negative with pots that don't", { balance($0) < 0 && potSum($0) > 0 && potSum($0) + balance($0) < 0 }),
            Class("negative with pots that just do", { balance($0) < 0 && potSum($0) + balance($0) == 0 }),
            Class("late, within the unpaid days", atLeast: 10) { account in
                account.entries.contains { $0.valuedOn < $0.bookedOn && $0.valuedOn >= account.lastPaidOn ?? $0.bookedOn }
            },
            Class("late, into paid days") { account in
                account.entries.contains { $0.valuedOn < $0.bookedOn && $0.valuedOn < account.lastPaidOn ?? $0.valuedOn }
            },
            Class("held below the balance", { $0.heldAmount > 0 && $0.heldAmount < balance($0) }),
            Class("held at the balance", { $0.heldAmount > 0 && $0.heldAmount == balance($0) }),
            Class("held above the balance", { $0.heldAmount > balance($0) && balance($0) > 0 }),
            Class("an incident below what is held", { $0.incidentAmount ?? $0.heldAmount < $0.heldAmount }),
            Class("an incident of what is held", { $0.incidentAmount == $0.heldAmount }),
            Class("an incident above what is held", { $0.incidentAmount ?? $0.heldAmount > $0.heldAmount }),
            Class("paid last before the rate step", { $0.product == "STEP-2022" && ($0.lastPaidOn ?? today) < stepDate }),
            Class("paid last on the rate step", { $0.product == "STEP-2022" && $0.lastPaidOn == stepDate }),
            Class("paid last after the rate step", { $0.product == "STEP-2022" && ($0.lastPaidOn ?? stepDate) > stepDate }),
            Class("unpaid since before 2024-02-29", { ($0.lastPaidOn ?? today) < leapDate }),
        ]
        for state in CustomerState.allCases {
            for accountState in AccountState.allCases {
                for (depositFreeze, withdrawalFreeze) in [(false, false), (true, false), (false, true), (true, true)] {
                    classes.append(
                        Class("\(state) \(accountState) \(depositFreeze) \(withdrawalFreeze)") {
                            $0.customer.state == state && $0.state == accountState && $0.depositFreeze == depositFreeze
                                && $0.withdrawalFreeze == withdrawalFreeze
                        })
                }
            }
        }
        for code in ["DEMAND-2", "TIER-100", "TIER-50", "STEP-2022"] {
            for edge in balanceEdges {
                classes.append(Class("\(code) with \(edge)") { $0.product == code && balance($0) == edge && $0.pots.isEmpty })
            }
        }
        for category in TaxCategory.allCases {
            classes.append(Class("ordinary \(category)", atLeast: 5) { $0.customer.taxCategory == category && isOrdinary($0) })
        }
        for ppm in [0, 50_000, 150_000, 1_000_000] as [Int64] {
            classes.append(Class("treaty rate \(ppm)") { $0.customer.treatyPpm == ppm })
        }
        return classes
    }()

    static let balanceEdges: [Int64] = [
        -1_000_000, -1, 0, 1, 18_249, 18_250, 1_300_000, 1_313_999, 1_314_000, 49_999_999, 50_000_000, 50_000_001, 99_999_999,
        100_000_000, 100_000_001, 9_007_199_254_740_993,
    ]
    static let stepDate = CalendarFromDate.day("2022-12-13").date
    static let leapDate = CalendarFromDate.day("2024-02-29").date

    @Test func everyClassIsCovered() {
        for `class` in Self.classes {
            let count = Self.accounts.filter(`class`.holds).count
            #expect(count >= `class`.atLeast, "\(`class`.name): \(count)")
        }
        let shared = Dictionary(grouping: Self.accounts, by: \.customer.id).values.filter { $0.count > 1 }
        #expect(shared.count >= 10)
    }

    private static func balance(_ account: FixtureAccount) -> Int64 { account.entries.reduce(0) { $0 + $1.amount } }
    private static func potSum(_ account: FixtureAccount) -> Int64 { account.pots.reduce(0) { $0 + $1.balance } }

    /// Pays on the business date: at 2 %, 18 250 won over a day make the first won.
    private static func isOrdinary(_ account: FixtureAccount) -> Bool {
        account.customer.state == .normal && account.state == .active && !account.depositFreeze && !account.withdrawalFreeze
            && balance(account) >= 100_000 && account.lastPaidOn.map { $0 < FixtureGenerator.businessDate.date } ?? false
    }
}
