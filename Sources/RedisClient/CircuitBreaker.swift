#if Redis
    /// Stops asking a Redis that does not answer.
    ///
    /// It opens after some failures in a row. While it is open no command is sent; a probe goes out after a pause, and again after
    /// pauses that double, until one is answered: that closes it. Times are nanoseconds of a clock that only ever goes forward.
    struct CircuitBreaker {
        let failuresMax: Int
        /// Before the first probe.
        let firstPause: UInt64
        let longestPause: UInt64

        private(set) var failuresInRow = 0
        private(set) var opened = 0
        private(set) var closed = 0
        private(set) var failedProbes = 0
        /// When the next probe is due; nil while the breaker is closed.
        private(set) var probeDue: UInt64?
        private var pause: UInt64 = 0
        private var openSince: UInt64 = 0
        private var openBefore: UInt64 = 0

        init(failuresMax: Int, firstPause: UInt64 = 50_000_000, longestPause: UInt64 = 2_000_000_000) {
            self.failuresMax = failuresMax
            self.firstPause = firstPause
            self.longestPause = longestPause
        }

        var isOpen: Bool { probeDue != nil }

        /// How long it was open in all.
        func openNanoseconds(_ now: UInt64) -> UInt64 { openBefore + (isOpen ? now - openSince : 0) }

        mutating func succeeded() { failuresInRow = 0 }

        /// - Returns: whether it opened by this.
        mutating func failed(_ now: UInt64) -> Bool {
            guard !isOpen else { return false }
            failuresInRow += 1
            guard failuresInRow >= failuresMax else { return false }
            opened += 1
            openSince = now
            pause = firstPause
            probeDue = now + pause
            return true
        }

        mutating func probeFailed(_ now: UInt64) {
            guard isOpen else { return }
            failedProbes += 1
            pause = min(pause * 2, longestPause)
            probeDue = now + pause
        }

        mutating func probeSucceeded(_ now: UInt64) {
            guard isOpen else { return }
            openBefore += now - openSince
            closed += 1
            probeDue = nil
            failuresInRow = 0
        }
    }
#endif
