import Testing

@testable import ShadowProxy

private final class Sleeper: DeadlineOwner {
    func deadlineReached(_ purpose: UInt8) {}
}

@Suite struct DeadlineWheelTests {
    /// Ticks until the deadline comes.
    private func ticksUntilDue(afterMs: Int, tickMs: Int = 10, bucketsLog2: Int = 3) -> Int {
        var wheel = DeadlineWheel(tickMs: tickMs, bucketsLog2: bucketsLog2)
        _ = wheel.schedule(Sleeper(), afterMs: afterMs)
        var due: [(owner: any DeadlineOwner, purpose: UInt8)] = []
        var ticks = 0
        while due.isEmpty, ticks < 10_000 {
            wheel.advance(&due)
            ticks += 1
        }
        return ticks
    }

    @Test(arguments: [(0, 1), (1, 2), (9, 2), (10, 2), (11, 3), (70, 8), (80, 9), (81, 10), (800, 81), (30_000, 3_001)])
    func neverEarlyAndAtMostOneTickLate(afterMs: Int, ticks: Int) {
        #expect(ticksUntilDue(afterMs: afterMs) == ticks)
    }

    @Test func cancelledDeadlineLetsGoOfItsOwnerAtOnce() {
        var wheel = DeadlineWheel()
        weak var weakOwner: Sleeper?
        var handle: DeadlineWheel.Handle
        do {
            let owner = Sleeper()
            weakOwner = owner
            handle = wheel.schedule(owner, afterMs: 50)
        }
        #expect(weakOwner != nil)
        wheel.cancel(&handle)
        #expect(weakOwner == nil)
        #expect(wheel.count == 0)
        #expect(handle.isNone)
    }

    @Test func staleHandleDoesNotCancelTheNextUserOfItsSlot() {
        var wheel = DeadlineWheel(tickMs: 10)
        var first = wheel.schedule(Sleeper(), afterMs: 50)
        var copy = first
        wheel.cancel(&first)
        _ = wheel.schedule(Sleeper(), afterMs: 50)
        wheel.cancel(&copy)
        #expect(wheel.count == 1)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyDeadlineComesOnceUnlessCancelled(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var wheel = DeadlineWheel(tickMs: 1, bucketsLog2: 4)
        var open: [UInt8: (handle: DeadlineWheel.Handle, earliest: Int)] = [:]
        var due: [(owner: any DeadlineOwner, purpose: UInt8)] = []
        var now = 0
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let purpose = UInt8.random(in: 0...255, using: &random)
                guard open[purpose] == nil else { continue }
                let delay = Int.random(in: 0..<60, using: &random)
                open[purpose] = (wheel.schedule(Sleeper(), afterMs: delay, purpose: purpose), now + delay)
            case 2:
                guard let (purpose, entry) = open.randomElement(using: &random) else { continue }
                var handle = entry.handle
                wheel.cancel(&handle)
                open[purpose] = nil
            default:
                now += 1
                due.removeAll()
                wheel.advance(&due)
                for (_, purpose) in due {
                    let entry = open.removeValue(forKey: purpose)
                    #expect(entry != nil)
                    #expect(entry.map { now >= $0.earliest && now <= $0.earliest + 2 } == true)
                }
            }
            #expect(wheel.count == open.count)
        }
    }
}
