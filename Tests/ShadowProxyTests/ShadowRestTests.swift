import Testing

@testable import ShadowProxy

/// A tick of 10 ms: a rest is 50 ticks, and a try without a result is followed by another after 100.
@Suite struct ShadowRestTests {
    /// `#expect` takes no mutating calls.
    private final class Side {
        private var rest = ShadowRest(tickMs: 10)

        var isResting: Bool { rest.isResting }
        func asks(_ now: UInt64) -> Bool { rest.mayAsk(at: now) }
        func answered() { rest.answered() }
        func failed(at now: UInt64) -> Bool { rest.failed(at: now) }
        func overrun(at now: UInt64) -> Bool { rest.overrun(at: now) }
    }

    private func tired(at now: UInt64) -> Side {
        let side = Side()
        for _ in 0..<ShadowRest.failuresMax { _ = side.failed(at: now) }
        return side
    }

    @Test func fiveFailuresInARowBeginIt() {
        let rest = Side()
        #expect((1...4).map { _ in rest.failed(at: 0) } == [false, false, false, false])
        #expect(rest.asks(0))
        rest.answered()
        // Counted anew.
        #expect((1...5).map { _ in rest.failed(at: 0) } == [false, false, false, false, true])
        #expect(rest.isResting)
        #expect(!rest.asks(0))
        // Those that were under way fail too; it is one rest all the same.
        #expect(!rest.failed(at: 3))
    }

    @Test func afterItOneRequestTries() {
        let rest = tired(at: 7)
        #expect(!rest.asks(56))
        #expect(rest.asks(57))
        #expect(!rest.asks(57), "one at a time")
        rest.answered()
        #expect(!rest.isResting)
        #expect(rest.asks(57) && rest.asks(57))
    }

    @Test func aTryThatFailsBeginsTheNext() {
        let rest = tired(at: 0)
        #expect(rest.asks(50))
        #expect(!rest.failed(at: 60), "it had not been asked otherwise")
        #expect(!rest.asks(109))
        #expect(rest.asks(110))
    }

    @Test func aTryWithoutAResultIsRepeated() {
        let rest = tired(at: 0)
        #expect(rest.asks(50))
        #expect(!rest.asks(149))
        #expect(rest.asks(150))
    }

    @Test func answersOfCallsThatWereUnderWayDoNotEndIt() {
        let rest = Side()
        #expect(rest.overrun(at: 0))
        #expect(!rest.overrun(at: 1))
        rest.answered()
        #expect(rest.isResting)
        #expect(!rest.asks(49))
        #expect(rest.asks(50))
    }
}
