import InterestContract
import Testing

@testable import PayoutService

/// A generator whose sequence a seed fixes.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite struct InterestPolicyTests {
    /// An account as its entries, and what it earned by going through every day and every won's band, one by one.
    struct Walk {
        var entries: [(day: Int, amount: Int64)] = []
        var pots: Int64 = 0
        var schedules: [DatedBands] = []

        func gross(_ days: Range<Int>) -> Int128 {
            var sum: Int128 = 0
            for day in days {
                var balance = Int128(pots)
                for entry in entries where entry.day <= day { balance += Int128(entry.amount) }
                guard balance > 0, let schedule = schedules.last(where: { $0.since <= day }) else { continue }
                var left = balance
                var below: Int128 = 0
                for band in schedule.bands {
                    let width = band.upTo.map { Int128($0) - below } ?? left
                    let slice = left < width ? left : width
                    sum += slice * Int128(band.ppm)
                    left -= slice
                    below += width
                    if left == 0 { break }
                }
            }
            return sum / 365_000_000
        }

        func basis(openedOn: Int, lastPaidOn: Int?) -> InterestBasis {
            var movements: [Int: Int64] = [:]
            for entry in entries { movements[entry.day, default: 0] += entry.amount }
            let first = lastPaidOn ?? openedOn
            return InterestBasis(
                standing: Standing(
                    accountId: "A", customerId: "C", product: "P", branch: "B", openedOn: Day(number: openedOn), state: .active,
                    depositFreeze: false, withdrawalFreeze: false, customerState: .normal, taxCategory: .resident,
                    balance: entries.reduce(0) { $0 + $1.amount }, held: 0, lastPaidOn: lastPaidOn.map { Day(number: $0) },
                    version: 0, pots: pots, statementLines: 0),
                movements: movements.filter { $0.key > first }.sorted { $0.key < $1.key }.map {
                    .init(day: $0.key, amount: $0.value)
                },
                schedules: schedules)
        }
    }

    @Test(arguments: 0..<400) func runsOfDaysEarnWhatTheDaysEarn(_ seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let opened = Int.random(in: 10_000...20_000, using: &random)
        let business = opened + Int.random(in: 0...500, using: &random)
        let lastPaid = Bool.random(using: &random) ? Int.random(in: opened...business, using: &random) : nil
        var walk = Walk()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            walk.entries.append(
                (
                    Int.random(in: opened...business + 20, using: &random),
                    Int64.random(in: -60_000_000...200_000_000, using: &random)
                ))
        }
        if Bool.random(using: &random) { walk.pots = Int64.random(in: 0...90_000_000, using: &random) }
        var since = opened + Int.random(in: -100...100, using: &random)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            var bands: [RateBand] = []
            var floor: Int64 = 0
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                floor += Int64.random(in: 1...80_000_000, using: &random)
                bands.append(RateBand(upTo: floor, ppm: Int64.random(in: 0...50_000, using: &random)))
            }
            bands.append(RateBand(upTo: nil, ppm: Int64.random(in: 0...50_000, using: &random)))
            walk.schedules.append(DatedBands(since: since, bands: bands))
            since += Int.random(in: 1...120, using: &random)
        }
        let interest = try InterestPolicy.plain.interest(
            walk.basis(openedOn: opened, lastPaidOn: lastPaid), businessDay: Day(number: business))
        let days = (lastPaid ?? opened)..<business
        #expect(interest.days == days)
        #expect(Int128(interest.gross) == walk.gross(days))
    }

    @Test(arguments: [
        (99_999_999, 5_479), (100_000_000, 5_479), (100_000_001, 5_479), (136_500_000, 5_579), (0, 0), (-5, 0),
    ]) func bandsAreMarginal(_ balance: Int64, _ gross: Int64) throws {
        var walk = Walk()
        walk.entries = [(1, balance)]
        walk.schedules = [
            DatedBands(since: 0, bands: [RateBand(upTo: 100_000_000, ppm: 20_000), RateBand(upTo: nil, ppm: 1_000)])
        ]
        let interest = try InterestPolicy.plain.interest(walk.basis(openedOn: 1, lastPaidOn: nil), businessDay: Day(number: 2))
        #expect(interest.gross == gross)
    }

    @Test func whatSixtyFourBitsCannotHoldIsRefusedNotTrapped() {
        var walk = Walk()
        walk.entries = [(0, Int64.max)]
        walk.pots = Int64.max
        walk.schedules = [DatedBands(since: 0, bands: [RateBand(upTo: nil, ppm: 1_000_000)])]
        #expect(throws: Problem.self) {
            try InterestPolicy.plain.interest(walk.basis(openedOn: 0, lastPaidOn: nil), businessDay: Day(number: 2_900_000))
        }
    }
}
