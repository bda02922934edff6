#if Kafka
    import KafkaClient
    import Testing

    @testable import PayoutService

    @Suite struct PartitionWaitsTests {
        static let one = KafkaPartition(topic: "t", number: 1)
        static let two = KafkaPartition(topic: "t", number: 2)

        private func waits() -> PartitionWaits {
            PartitionWaits(retry: RetryPolicy(attempts: 3, firstDelayMilliseconds: 100, longestDelayMilliseconds: 300))
        }

        @Test func pausesGrowAndEnd() {
            var waits = waits()
            #expect(waits.failed(Self.one, at: 7, now: 1_000, counts: true) == .again(at: 1_100))
            #expect(waits.due(at: 1_099).isEmpty)
            #expect(waits.due(at: 1_100) == [Self.one])
            #expect(waits.due(at: 1_100).isEmpty, "named once")
            #expect(waits.failed(Self.one, at: 7, now: 1_100, counts: true) == .again(at: 1_300))
            #expect(waits.failed(Self.one, at: 7, now: 1_300, counts: true) == .giveUp(attempts: 3))
        }

        @Test func whatIsNotTheMessagesFaultIsNeverGivenUp() {
            var waits = waits()
            var now: Int64 = 0
            for _ in 0..<100 {
                guard case .again(let at) = waits.failed(Self.one, at: 7, now: now, counts: false) else {
                    Issue.record("given up at \(now)")
                    return
                }
                #expect(at - now <= 300)
                now = at
            }
            #expect(waits.attempts(Self.one, at: 7) == 0)
            #expect(waits.failed(Self.one, at: 7, now: now, counts: true) == .again(at: now + 300))
            #expect(waits.attempts(Self.one, at: 7) == 1)
        }

        @Test func anotherMessageBeginsAnew() {
            var waits = waits()
            for _ in 0..<2 { _ = waits.failed(Self.one, at: 7, now: 0, counts: true) }
            waits.through(Self.one, at: 7)
            #expect(waits.failed(Self.one, at: 8, now: 0, counts: true) == .again(at: 100))
            // What stands before the one that waits does not end its waiting.
            waits.through(Self.one, at: 7)
            #expect(waits.attempts(Self.one, at: 8) == 1)
        }

        @Test func partitionsWaitByThemselves() {
            var waits = waits()
            _ = waits.failed(Self.one, at: 7, now: 0, counts: true)
            _ = waits.failed(Self.two, at: 3, now: 50, counts: true)
            #expect(waits.due(at: 100) == [Self.one])
            #expect(waits.due(at: 150) == [Self.two])
        }

        @Test func aPartitionThatComesBackTooEarlyIsKnown() {
            var waits = waits()
            _ = waits.failed(Self.one, at: 7, now: 0, counts: true)
            #expect(waits.isTooEarly(Self.one, at: 99) == 7)
            #expect(waits.isTooEarly(Self.two, at: 99) == nil)
            #expect(waits.isTooEarly(Self.one, at: 100) == nil)
        }
    }
#endif
