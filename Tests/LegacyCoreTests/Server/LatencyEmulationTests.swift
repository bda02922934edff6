import Testing

@testable import LegacyCore

@Suite struct LatencyEmulationTests {
    @Test(arguments: [UInt64(1), 2, 0xDEAD_BEEF]) func meanAndMaximum(_ seed: UInt64) {
        var sequence = LatencySequence(seed: seed)
        var sum: UInt64 = 0
        var highest: UInt64 = 0
        var lowest = UInt64.max
        for _ in 0..<100_000 {
            let delay = sequence.microseconds()
            sum += delay
            highest = max(highest, delay)
            lowest = min(lowest, delay)
        }
        #expect((245_000...255_000).contains(sum / 100_000))
        #expect((1_700_000...1_720_000).contains(highest))
        #expect((38_660...40_000).contains(lowest))
    }

    @Test func quantiles() {
        #expect(LatencySequence.microseconds(atBillionth: 0) == 38_660)
        #expect(LatencySequence.microseconds(atBillionth: 500_000_000) == 178_000)
        #expect(LatencySequence.microseconds(atBillionth: 900_000_000) == 430_000)
        #expect(LatencySequence.microseconds(atBillionth: 999_999_999) < 1_720_000)
        #expect(LatencySequence.microseconds(atBillionth: 1_000_000_000) == 1_720_000)
    }

    @Test func sameSeedSameDelays() {
        let left = LatencySource(.talk(seed: 42))
        let right = LatencySource(.talk(seed: 42))
        let other = LatencySource(.talk(seed: 43))
        let delays = (0..<50).map { _ in left.next() }
        #expect(delays == (0..<50).map { _ in right.next() })
        #expect(delays != (0..<50).map { _ in other.next() })
    }

    @Test func fixedAndNone() {
        #expect(LatencySource(.fixed(milliseconds: 3)).next() == .milliseconds(3))
        #expect(LatencySource(.fixed(milliseconds: 0)).next() == nil)
        #expect(LatencySource(.fixed(milliseconds: -5)).next() == nil)
        #expect(LatencySource(.none).next() == nil)
    }
}
