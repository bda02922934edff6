#if PostgreSQL
    public import Alerting
    import Foundation
    import PostgreSQLClient
    import Synchronization
    public import Verdicts

    /// What the publisher needs to know of its proxy, and tells it.
    public struct SharedStateSource: Sendable {
        public var figures: @Sendable () async -> InstanceFigures
        /// The ordered keys seen since it was last asked, by their hashes, and how many more found no room.
        public var keysSeen: @Sendable () async -> (keys: [UInt64], dropped: Int)
        /// From now on these keys are at two proxies, and no others.
        public var contest: @Sendable (Set<UInt64>) async -> Void

        public init(
            figures: @escaping @Sendable () async -> InstanceFigures,
            keysSeen: @escaping @Sendable () async -> (keys: [UInt64], dropped: Int),
            contest: @escaping @Sendable (Set<UInt64>) async -> Void
        ) {
            self.figures = figures
            self.keysSeen = keysSeen
            self.contest = contest
        }
    }

    /// How a proxy shares its state.
    public struct SharedStateSettings: Sendable {
        /// What the proxy is called among those that share the state.
        public var instance: String
        /// Evidence that waits for longer is alerted from here.
        public var alertAfterMs = 10_000
        /// A key seen at two proxies within this time is at both.
        public var keyWindowMs = 300_000
        /// How often counts and keys are told, and what waits is looked at.
        public var everyMs = 1_000
        /// Of evidence in the shared store, for each instance.
        public var limits = EvidenceLimits()

        public init(instance: String) { self.instance = instance }
    }

    /// Keeps a proxy's state folder and the shared store together: ships evidence, publishes counts, exchanges keys, and tells from the folder
    /// itself what the store does not take in time. The data plane and the evidence writer never wait for it; while the store is away it waits
    /// and tries again.
    public final class SharedStatePublisher: Sendable {
        private struct State {
            var standing: SharedStanding
            var watch: KeyWatch
            /// Until when each key is at two proxies, for a store that does not answer any more.
            var contested: [UInt64: Int64] = [:]
            /// The schema is of this version, and the cursor agrees with the store's.
            var isReady = false
            var isSuperseded = false
            var shippedSinceTrim = 0
            var nextTrim: Int64 = 0
            var nextForget: Int64 = 0
        }

        private let database: SharedStateDatabase
        private let shipping: EvidenceShipping
        private let own: any SQLStore
        private let ownDesk: IncidentDesk
        private let shipment: EvidenceShipment
        private let publication: FigurePublication
        private let exchange: KeyExchange
        private let settings: SharedStateSettings
        private let source: SharedStateSource
        private let now: @Sendable () -> Int64
        private let log: @Sendable (String) -> Void
        private let startedAt: Int64
        private let wakes: AsyncStream<Void>
        private let bell: AsyncStream<Void>.Continuation
        private let state: Mutex<State>

        /// - Parameters:
        ///   - own: the state folder's database, and `ownDesk` its desk, for what the shared store does not take.
        ///   - desk: the shared store's.
        ///   - nowMicroseconds: the time since 1970.
        ///   - log: hears when the store goes away and comes back.
        public init(
            database: SharedStateDatabase, shipping: EvidenceShipping, own: any SQLStore, ownDesk: IncidentDesk,
            desk: IncidentDesk, settings: SharedStateSettings, source: SharedStateSource,
            nowMicroseconds: @escaping @Sendable () -> Int64 = SystemTime.microseconds,
            log: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            let store = database.store
            self.database = database
            self.shipping = shipping
            self.own = own
            self.ownDesk = ownDesk
            self.settings = settings
            self.source = source
            self.log = log
            now = nowMicroseconds
            startedAt = nowMicroseconds()
            shipment = EvidenceShipment(
                store: store, shipping: shipping, desk: desk, instance: settings.instance, limits: settings.limits
            ) { refused in
                try await own.write { try ownDesk.observe(refused, on: $0) }
                ownDesk.committed()
            }
            publication = FigurePublication(
                store: store, instance: settings.instance, run: UUID().uuidString.lowercased(), startedAt: startedAt)
            let window = Int64(settings.keyWindowMs) * 1_000
            exchange = KeyExchange(store: store, desk: desk, instance: settings.instance, window: window)
            (wakes, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            state = Mutex(
                State(standing: SharedStanding(instance: settings.instance), watch: KeyWatch(windowMicroseconds: window)))
        }

        public var standing: SharedStanding { state.withLock { $0.standing } }

        /// Evidence was stored.
        public func wake() { bell.yield() }

        /// Publishes until cancelled.
        public func run() async {
            let pause = Duration.milliseconds(settings.everyMs)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [self] in for await _ in wakes { await ship() } }
                group.addTask { [self] in
                    while !Task.isCancelled {
                        bell.yield()
                        await alertLate()
                        try? await Task.sleep(for: pause)
                    }
                }
                group.addTask { [self] in
                    while !Task.isCancelled {
                        await publishFigures()
                        await exchangeKeys()
                        try? await Task.sleep(for: pause)
                    }
                }
            }
        }

        // MARK: Steps

        /// Ships what waits, until nothing does or the store is away.
        public func ship() async {
            var batches = 0
            var more = true
            while more, !Task.isCancelled {
                var shipped = (shipped: 0, refused: 0)
                let isThrough = await reach { shipped = try await self.shipment.ship() }
                more = isThrough && shipped.shipped > 0
                await noteShipped(shipped.shipped, refused: shipped.refused)
                batches += 1
                // To count what waits takes the longer the more it is.
                if batches.isMultiple(of: 32) { await noteBacklog() }
            }
            await noteBacklog()
        }

        private func noteShipped(_ count: Int, refused: Int) async {
            let trims = state.withLock { state in
                state.standing.evidenceShipped += count - refused
                state.standing.evidenceRefused += refused
                state.shippedSinceTrim += count
                let now = self.now()
                guard state.shippedSinceTrim >= 1_000 || now >= state.nextTrim else { return false }
                state.shippedSinceTrim = 0
                // A quiet proxy keeps nothing beyond its time either.
                state.nextTrim = now + 600_000_000
                return true
            }
            if trims { _ = await reach { try await self.shipment.trim(now: self.now()) } }
        }

        private func noteBacklog() async {
            let shipping = shipping
            guard let backlog = try? await Offside.run({ try shipping.backlog() }) else { return }
            state.withLock { state in
                state.standing.evidenceWaiting = backlog.waiting
                state.standing.evidenceLost = backlog.lost
            }
        }

        /// Publishes the counts, and reads how far incidents and notices are.
        public func publishFigures() async {
            let figures = await source.figures()
            var isMine = true
            var statistics = AlertBook.Statistics()
            let isThrough = await reach {
                // A newer program may migrate it at any time.
                try await self.database.check()
                isMine = try await self.publication.publish(figures, now: self.now())
                statistics = try await AlertBook(store: self.database.store).statistics()
            }
            guard isThrough else { return }
            let sentence =
                "another process publishes as the instance `\(settings.instance)`: give each proxy a state folder and a `store.instance` of its own"
            let isNews = state.withLock { state in
                state.standing.incidents = statistics.incidents
                state.standing.noticesWaiting = statistics.waiting
                state.standing.noticesDelivered = statistics.delivered
                state.standing.noticesDead = statistics.dead
                state.standing.trouble = isMine ? nil : sentence
                defer { state.isSuperseded = !isMine }
                return !isMine && !state.isSuperseded
            }
            if isNews { log(sentence) }
        }

        /// Tells which keys were seen here, and has the proxy hear which of them are at two.
        public func exchangeKeys() async {
            let (keys, dropped) = await source.keysSeen()
            let now = now()
            state.withLock { state in
                let before = state.watch.dropped
                state.watch.note(keys, now: now)
                state.standing.keysDropped += dropped + state.watch.dropped - before
            }
            var conflicts: [UInt64]?
            let isThrough = await reach {
                while true {
                    let due = self.state.withLock { $0.watch.due(max: KeyExchange.together) }
                    guard !due.isEmpty else { break }
                    _ = try await self.exchange.tell(due, now: now)
                    self.state.withLock { $0.watch.told(due) }
                }
                conflicts = try await self.exchange.conflicts(now: now)
            }
            let window = exchange.window
            let contested: Set<UInt64>? = state.withLock { state in
                let before = Set(state.contested.keys)
                if let conflicts {
                    state.contested = Dictionary(conflicts.map { ($0, now + window) }, uniquingKeysWith: { first, _ in first })
                } else {
                    state.contested = state.contested.filter { $0.value > now }
                }
                let after = Set(state.contested.keys)
                state.standing.keysAtTwoProxies = after.count
                return before == after ? nil : after
            }
            if let contested { await source.contest(contested) }
            let forgets = state.withLock { state in
                guard isThrough, now >= state.nextForget else { return false }
                state.nextForget = now + window / KeyWatch.parts
                state.watch.forget(now: now)
                return true
            }
            if forgets { _ = await reach { try await self.exchange.forget(now: now) } }
        }

        /// Tells from the state folder what the shared store has not taken in time.
        public func alertLate() async {
            let late = Int64(settings.alertAfterMs) * 1_000
            // After a start the store has its time too.
            guard now() - startedAt >= late else { return }
            let (shipping, ownDesk, before) = (shipping, ownDesk, now() - late)
            do {
                let told = try await Offside.run {
                    try shipping.alertLate(recordedBefore: before) { try ownDesk.observe($1, on: $0) }
                }
                guard told > 0 else { return }
                state.withLock { $0.standing.alertedHere += told }
                ownDesk.committed()
            } catch {
                log("what waits for the shared state can't be alerted from here: \(error)")
            }
        }

        /// What is left at a graceful stop: evidence and the last counts, for as long as the caller lets it.
        public func finish() async {
            await ship()
            await publishFigures()
        }

        // MARK: The store

        /// Works with the store, and keeps the books of whether it is there.
        private func reach(_ work: () async throws -> Void) async -> Bool {
            do {
                if !state.withLock({ $0.isReady }) {
                    try await database.check()
                    try await shipment.align()
                    state.withLock { $0.isReady = true }
                }
                try await work()
            } catch is CancellationError {
                return false
            } catch is SharedStoreSetBack {
                // Aligned at the next call.
                state.withLock { $0.isReady = false }
                return false
            } catch let error as PostgresError where error.kind == .lockTimeout || error.kind == .poolExhausted {
                // Others are at it: their turn first, and no sign that the store is away.
                return false
            } catch {
                noteAway(error)
                return false
            }
            let wasAway = state.withLock { state in
                defer {
                    state.standing.awaySince = nil
                    if !state.isSuperseded { state.standing.trouble = nil }
                }
                return state.standing.awaySince != nil
            }
            if wasAway { log("the shared state is there again") }
            return true
        }

        private func noteAway(_ error: any Error) {
            let now = now()
            let isNews = state.withLock { state in
                state.standing.trouble = "\(error)"
                // It may come back as another one.
                state.isReady = false
                guard state.standing.awaySince == nil else { return false }
                state.standing.awaySince = now
                return true
            }
            if isNews {
                log(
                    "the shared state is away (\(error)): evidence waits in the state folder, and alerts are sent from here after \(settings.alertAfterMs) ms"
                )
            }
        }
    }
#endif
