#if Redis
    import Foundation

    /// A command in line, and who waits for its answer.
    struct RedisJob {
        var command: [[UInt8]]
        /// Nanoseconds of ``RedisConnection/now``.
        var deadline: UInt64
        /// Finding or not finding something counts.
        var isLookup = false
        /// Whether this is an answer that the command can have.
        var accepts: @Sendable (RedisValue) -> Bool
        var done: @Sendable (Result<RedisValue, RedisError>) -> Void
    }

    /// The line of commands before the connections' threads, with the breaker in front of it.
    final class RedisLine: @unchecked Sendable {
        enum Work {
            case batch([RedisJob])
            /// The breaker opened while these stood in line.
            case refused([RedisJob])
            case probe
            case end
        }

        /// Commands that may stand in line; those beyond are refused at once.
        static let lineMax = 1_024
        /// Commands that are sent together.
        static let batchMax = 64

        private let onBreaker: @Sendable (RedisClient.BreakerEvent) -> Void
        // Everything below is read and written with `condition` locked.
        private let condition = NSCondition()
        private var jobs: [RedisJob] = []
        private var isClosed = false
        private var isProbing = false
        private var breaker: CircuitBreaker
        private var statistics = RedisStatistics()

        init(failuresMax: Int, onBreaker: @escaping @Sendable (RedisClient.BreakerEvent) -> Void) {
            breaker = CircuitBreaker(failuresMax: failuresMax)
            self.onBreaker = onBreaker
        }

        var snapshot: RedisStatistics {
            condition.withLock {
                var statistics = statistics
                statistics.breakerOpened = breaker.opened
                statistics.breakerClosed = breaker.closed
                statistics.isBreakerOpen = breaker.isOpen
                statistics.failedProbes = breaker.failedProbes
                statistics.breakerOpenMilliseconds = Int(breaker.openNanoseconds(RedisConnection.now) / 1_000_000)
                return statistics
            }
        }

        func count(_ change: (inout RedisStatistics) -> Void) { condition.withLock { change(&statistics) } }

        func add(_ job: RedisJob) {
            let refusal: RedisError? = condition.withLock {
                statistics.commands += 1
                if isClosed {
                    statistics.errors += 1
                    return RedisError(.unavailable, "the Redis client was closed")
                }
                if breaker.isOpen {
                    statistics.errors += 1
                    statistics.breakerRefusals += 1
                    return RedisLine.breakerIsOpen
                }
                guard jobs.count < RedisLine.lineMax else {
                    statistics.errors += 1
                    statistics.lineRefusals += 1
                    return RedisError(.lineFull, "\(jobs.count) commands wait for Redis")
                }
                jobs.append(job)
                condition.signal()
                return nil
            }
            if let refusal { job.done(.failure(refusal)) }
        }

        private static let breakerIsOpen = RedisError(
            .breakerOpen, "Redis failed several times in a row; it is asked again once a probe was answered")

        /// What a connection's thread is to do next; waits for it.
        func next() -> Work {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if isClosed { return .end }
                if let due = breaker.probeDue {
                    if !jobs.isEmpty {
                        defer { jobs = [] }
                        return .refused(jobs)
                    }
                    let now = RedisConnection.now
                    if isProbing {
                        condition.wait()
                    } else if due <= now {
                        isProbing = true
                        return .probe
                    } else {
                        _ = condition.wait(until: Date(timeIntervalSinceNow: Double(due - now) / 1e9))
                    }
                } else if jobs.isEmpty {
                    condition.wait()
                } else {
                    statistics.batches += 1
                    let batch = Array(jobs.prefix(RedisLine.batchMax))
                    jobs.removeFirst(batch.count)
                    return .batch(batch)
                }
            }
        }

        func refuse(_ jobs: [RedisJob]) {
            count {
                $0.errors += jobs.count
                $0.breakerRefusals += jobs.count
            }
            for job in jobs { job.done(.failure(RedisLine.breakerIsOpen)) }
        }

        func probed(_ failure: RedisError?) {
            let openMilliseconds: Int? = condition.withLock {
                isProbing = false
                let now = RedisConnection.now
                defer { condition.broadcast() }
                guard failure == nil else {
                    breaker.probeFailed(now)
                    return nil
                }
                let before = breaker.openNanoseconds(now)
                breaker.probeSucceeded(now)
                return Int(before / 1_000_000)
            }
            if let openMilliseconds { onBreaker(.closed(openMillisecondsInAll: openMilliseconds)) }
        }

        /// Tells the one who waits, and the breaker.
        func finish(_ job: RedisJob, _ answer: Result<RedisValue, RedisError>) {
            let hasOpened: Bool = condition.withLock {
                guard case .failure(let error) = answer else {
                    breaker.succeeded()
                    if job.isLookup, case .success(let value) = answer {
                        if value == .null { statistics.misses += 1 } else { statistics.hits += 1 }
                    }
                    return false
                }
                statistics.errors += 1
                switch error.kind {
                case .timedOut: statistics.timeouts += 1
                case .garbled: statistics.garbled += 1
                case .refused: statistics.refused += 1
                default: break
                }
                // A script that Redis does not know yet is no trouble of Redis's: it is sent then.
                if error.isMissingScript { return false }
                guard breaker.failed(RedisConnection.now) else { return false }
                condition.broadcast()
                return true
            }
            if hasOpened, case .failure(let error) = answer { onBreaker(.opened(reason: error.description)) }
            job.done(answer)
        }

        func close() {
            let waiting: [RedisJob] = condition.withLock {
                isClosed = true
                condition.broadcast()
                defer { jobs = [] }
                return jobs
            }
            for job in waiting { job.done(.failure(RedisError(.unavailable, "the Redis client was closed"))) }
        }
    }

    extension RedisError {
        var isMissingScript: Bool { kind == .refused && description.hasPrefix("NOSCRIPT") }
    }
#endif
