#if Redis
    import Testing

    @testable import RedisClient

    @Suite struct CircuitBreakerTests {
        @Test func itOpensAfterFailuresInARowOnly() {
            var breaker = CircuitBreaker(failuresMax: 3)
            var hasOpened = [breaker.failed(1), breaker.failed(2)]
            breaker.succeeded()
            hasOpened += [breaker.failed(3), breaker.failed(4)]
            #expect(!breaker.isOpen)
            hasOpened += [breaker.failed(5), breaker.failed(6)]
            #expect(breaker.isOpen)
            #expect(hasOpened == [false, false, false, false, true, false])
            #expect(breaker.opened == 1)
        }

        @Test func probesGoOutWithGrowingPausesUntilOneIsAnswered() {
            var breaker = CircuitBreaker(failuresMax: 1, firstPause: 100, longestPause: 350)
            _ = breaker.failed(1_000)
            #expect(breaker.probeDue == 1_100)
            breaker.probeFailed(1_150)
            #expect(breaker.probeDue == 1_350)
            breaker.probeFailed(1_400)
            #expect(breaker.probeDue == 1_750)
            breaker.probeFailed(1_800)
            #expect(breaker.probeDue == 2_150, "the pause has a bound")
            #expect(breaker.openNanoseconds(2_000) == 1_000)
            breaker.probeSucceeded(2_200)
            #expect(!breaker.isOpen)
            #expect(breaker.closed == 1)
            #expect(breaker.failedProbes == 3)
            #expect(breaker.openNanoseconds(9_999) == 1_200)
            _ = breaker.failed(10_000)
            #expect(breaker.probeDue == 10_100, "it begins anew")
            #expect(breaker.openNanoseconds(10_050) == 1_250)
        }
    }

    @Suite struct RedisScriptTests {
        @Test(arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        ]) func digestsAreThoseOfTheStandard(_ text: String, _ digest: String) {
            #expect(RedisScript(text).digest == digest)
        }
    }
#endif
