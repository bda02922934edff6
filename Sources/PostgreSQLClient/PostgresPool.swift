#if PostgreSQL
    import Foundation

    /// A bounded set of connections, each with a thread of its own, and the line of those who wait for one.
    ///
    /// A call that finds the database away fails at once with ``PostgresError/Kind/unavailable``; one thread goes on trying, with growing
    /// pauses, and calls pass again as soon as it got through.
    public final class PostgresPool: Sendable {
        /// What happened so far, for metrics.
        public struct Statistics: Sendable, Hashable {
            public var openConnections = 0
            public var busyConnections = 0
            public var waitingCalls = 0
            public var calls = 0
            public var waitedMicroseconds = 0
            public var longestWaitMicroseconds = 0
            /// Time that connections were at a call's disposal: the database's work, the way there and back, and ours in between.
            public var heldMicroseconds = 0
            /// Calls that got no connection in time.
            public var refusedCalls = 0
            /// Transactions begun again after a conflict or a lost connection.
            public var repetitions = 0
            public var connectionsMade = 0
            public var failedConnections = 0
            public var roundTrips = 0
            public var statements = 0
        }

        private struct Job {
            var enqueued: UInt64
            var deadline: Instant
            /// With a connection, or why there is none. What it returns tells the caller, and comes after the books of this pool.
            var run: (Result<PostgresConnection, PostgresError>) -> () -> Void
        }

        private final class State: @unchecked Sendable {
            // Everything below is read and written with `condition` locked.
            let condition = NSCondition()
            var jobs: [Job] = []
            var firstJob = 0
            var threads = 0
            var idleThreads = 0
            var isClosed = false
            /// Threads that try to connect just now.
            var connecting = 0
            /// Set while the database is away.
            var away: PostgresError?
            var statistics = Statistics()
        }

        public let settings: PostgresSettings
        private let state = State()

        /// Nothing is connected yet.
        public init(_ settings: PostgresSettings) { self.settings = settings }

        deinit { close() }

        public var statistics: Statistics {
            state.condition.withLock {
                var statistics = state.statistics
                statistics.waitingCalls = state.jobs.count - state.firstJob
                return statistics
            }
        }

        /// Ends the threads when they have done what they are at; calls in line fail.
        public func close() {
            state.condition.withLock {
                state.isClosed = true
                state.condition.broadcast()
            }
        }

        // MARK: Transactions

        /// One transaction at READ COMMITTED. It is carried out again, a few times, when it met another one that it could not stand beside or
        /// its connection broke before the commit: `work` must do nothing that can't be done again.
        ///
        /// - Parameter conflicts: unique constraints at which the transaction is begun again too, since it will then see the row that was in its way.
        @discardableResult
        public func transaction<Value: Sendable>(
            conflicts: Set<String> = [], _ work: @escaping @Sendable (PostgresTransaction) throws -> PostgresEnding<Value>
        ) async throws -> Value {
            try await repeated("BEGIN ISOLATION LEVEL READ COMMITTED", conflicts, work)
        }

        /// Reads one consistent state.
        public func read<Value: Sendable>(_ work: @escaping @Sendable (PostgresTransaction) throws -> Value) async throws -> Value
        {
            try await repeated("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", []) { .keep(try work($0)) }
        }

        private static let attemptsMax = 5

        private func repeated<Value: Sendable>(
            _ beginning: String, _ conflicts: Set<String>,
            _ work: @escaping @Sendable (PostgresTransaction) throws -> PostgresEnding<Value>
        ) async throws -> Value {
            var attempt = 1
            while true {
                do {
                    return try await onConnection { connection in
                        let transaction = PostgresTransaction(connection, beginning: beginning)
                        do {
                            switch try work(transaction) {
                            case .keep(let value):
                                try transaction.commit()
                                return value
                            case .rollBack(let value):
                                // What is in line is carried out all the same: a rehearsal meets the errors of the real thing.
                                try transaction.flush()
                                transaction.rollBack()
                                return value
                            }
                        } catch {
                            transaction.rollBack()
                            throw error
                        }
                    }
                } catch let error as PostgresError
                    where attempt < PostgresPool.attemptsMax
                    && (error.isWorthRepeating || error.kind == .unique && conflicts.contains(error.constraint))
                {
                    state.condition.withLock { state.statistics.repetitions += 1 }
                    try await Task.sleep(for: .milliseconds(Int.random(in: 1...(4 << attempt))))
                    attempt += 1
                }
            }
        }

        /// Runs `work` on a connection's thread.
        func onConnection<Value: Sendable>(_ work: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value
        {
            try await withCheckedThrowingContinuation { continuation in
                enqueue { connection in
                    let result = connection.mapError { $0 as any Error }.flatMap { connection in Result { try work(connection) } }
                    return { continuation.resume(with: result) }
                }
            }
        }

        // MARK: The line

        /// Calls that may stand in line; those beyond are refused at once.
        private static let lineMax = 4_096

        private func enqueue(_ run: @escaping (Result<PostgresConnection, PostgresError>) -> () -> Void) {
            let now = DispatchTime.now().uptimeNanoseconds
            let job = Job(enqueued: now, deadline: Instant.now + settings.poolWaitMilliseconds, run: run)
            let refusal: PostgresError? = state.condition.withLock {
                state.statistics.calls += 1
                if state.isClosed { return PostgresError(.unavailable, "the service is stopping") }
                if let away = state.away { return away }
                let line = state.jobs.count - state.firstJob
                guard line < PostgresPool.lineMax else {
                    state.statistics.refusedCalls += 1
                    return PostgresError(
                        .poolExhausted, "\(line) calls wait for one of \(settings.poolSize) connections to PostgreSQL")
                }
                state.jobs.append(job)
                if state.idleThreads <= line, state.threads < settings.poolSize {
                    state.threads += 1
                    startThread()
                }
                state.condition.signal()
                return nil
            }
            if let refusal { run(.failure(refusal))() }
        }

        private func startThread() {
            let state = state
            let settings = settings
            let number = state.threads
            let thread = Thread { PostgresPool.serve(state, settings) }
            thread.name = "postgres \(number)"
            thread.start()
            if number == 1 {
                let watch = Thread { PostgresPool.watch(state, settings) }
                watch.name = "postgres watch"
                watch.start()
            }
        }

        private static func take(_ state: State) -> Job? {
            guard state.firstJob < state.jobs.count else { return nil }
            let job = state.jobs[state.firstJob]
            state.firstJob += 1
            if state.firstJob > 1_024 || state.firstJob == state.jobs.count {
                state.jobs.removeFirst(state.firstJob)
                state.firstJob = 0
            }
            return job
        }

        /// One connection's thread.
        private static func serve(_ state: State, _ settings: PostgresSettings) {
            var connection: PostgresConnection?
            defer { connection?.close() }
            while true {
                var away: PostgresError?
                let job: Job? = state.condition.withLock {
                    state.idleThreads += 1
                    defer { state.idleThreads -= 1 }
                    while true {
                        if let job = take(state) {
                            away = state.away
                            state.statistics.busyConnections += 1
                            let waited = Int((DispatchTime.now().uptimeNanoseconds - job.enqueued) / 1_000)
                            state.statistics.waitedMicroseconds += waited
                            state.statistics.longestWaitMicroseconds = max(state.statistics.longestWaitMicroseconds, waited)
                            return job
                        }
                        if state.isClosed { return nil }
                        state.condition.wait()
                    }
                }
                guard let job else { return }
                if connection == nil, away == nil {
                    do throws(PostgresError) { connection = try connect(state, settings) } catch {
                        guard isAway(after: error, with: job, state) else {
                            Thread.sleep(forTimeInterval: pauseAfterRefusal)
                            continue
                        }
                        away = error
                    }
                }
                let tell: () -> Void
                if let open = connection, away == nil {
                    tell = perform(job, on: open, state)
                    if open.isBroken { connection = nil }
                } else {
                    tell = job.run(.failure(away ?? PostgresError(.unavailable, "there is no connection to PostgreSQL")))
                }
                state.condition.withLock { state.statistics.busyConnections -= 1 }
                tell()
            }
        }

        private static let pauseAfterRefusal = 0.5

        /// Whether a connection that could not be made means that the database is away. While others are open, or may be soon, it does not (the server may
        /// have as many as it takes): their threads take the job, which goes back to the head of the line.
        private static func isAway(after error: PostgresError, with job: Job, _ state: State) -> Bool {
            state.condition.withLock {
                guard state.statistics.openConnections > 0 || state.connecting > 0 else {
                    state.away = error
                    return true
                }
                state.statistics.busyConnections -= 1
                if state.firstJob > 0 {
                    state.firstJob -= 1
                    state.jobs[state.firstJob] = job
                } else {
                    state.jobs.insert(job, at: 0)
                }
                state.condition.signal()
                return false
            }
        }

        /// - Returns: what tells the caller.
        private static func perform(_ job: Job, on connection: PostgresConnection, _ state: State) -> () -> Void {
            let (roundTrips, statements) = (connection.roundTrips, connection.statements)
            let began = DispatchTime.now().uptimeNanoseconds
            let tell = job.run(.success(connection))
            let held = Int((DispatchTime.now().uptimeNanoseconds - began) / 1_000)
            state.condition.withLock {
                state.statistics.heldMicroseconds += held
                state.statistics.roundTrips += connection.roundTrips - roundTrips
                state.statistics.statements += connection.statements - statements
                if connection.isBroken { state.statistics.openConnections -= 1 }
            }
            if connection.isBroken { connection.close() }
            return tell
        }

        private static func connect(_ state: State, _ settings: PostgresSettings) throws(PostgresError) -> PostgresConnection {
            state.condition.withLock { state.connecting += 1 }
            do throws(PostgresError) {
                let connection = try PostgresConnection(settings)
                state.condition.withLock {
                    state.connecting -= 1
                    state.statistics.connectionsMade += 1
                    state.statistics.openConnections += 1
                }
                return connection
            } catch {
                state.condition.withLock {
                    state.connecting -= 1
                    state.statistics.failedConnections += 1
                }
                throw error
            }
        }

        // MARK: The watch

        private static let firstPause = 0.1
        private static let longestPause = 5.0

        private static let watchPause = 0.02

        /// Refuses those who waited too long, and tries the database while it is away.
        private static func watch(_ state: State, _ settings: PostgresSettings) {
            var pause = firstPause
            var nextTry: Instant?
            while true {
                Thread.sleep(forTimeInterval: watchPause)
                var late: [Job] = []
                let (away, isClosed) = state.condition.withLock {
                    let all = state.isClosed || state.away != nil
                    while state.firstJob < state.jobs.count, all || state.jobs[state.firstJob].deadline < .now {
                        guard let job = take(state) else { break }
                        late.append(job)
                        state.statistics.refusedCalls += 1
                    }
                    return (state.away, state.isClosed)
                }
                let reason =
                    isClosed
                    ? PostgresError(.unavailable, "the service is stopping")
                    : away
                        ?? PostgresError(
                            .poolExhausted, "all \(settings.poolSize) connections to PostgreSQL were busy for too long")
                for job in late { job.run(.failure(reason))() }
                if isClosed { return }
                guard away != nil else {
                    (pause, nextTry) = (firstPause, nil)
                    continue
                }
                guard let due = nextTry else {
                    nextTry = .now + Int(pause * 1_000)
                    continue
                }
                guard due < .now else { continue }
                do throws(PostgresError) {
                    try PostgresConnection(settings).close()
                    state.condition.withLock { state.away = nil }
                } catch {
                    state.condition.withLock { state.away = error }
                    pause = min(pause * 2, longestPause)
                    nextTry = .now + Int(pause * 1_000)
                }
            }
        }
    }
#endif
