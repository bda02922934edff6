#if Kafka
    import KafkaClient
    public import Logging
    public import ServiceLifecycle
    import Synchronization

    /// Books taxes from the topic, as a member of a group of workers: each event in one transaction of 30 statements and the inbox row, its
    /// offset committed after. Delivered again, an event is recognized by its id.
    ///
    /// What fails is tried again with growing pauses, during which its partition stands still; what is no tax event, or fails eight times by its
    /// own fault, goes to the dead letters' topic with the reason. While the books are away nothing is given up.
    public struct KafkaTaxWorker: Service {
        let settings: KafkaSettings
        let group: String
        let books: any BookStore
        var ledger: any TaxLedger
        let logger: Logger
        let crash: CrashPlan?
        let figures = KafkaTaxFigures()
        var retry = RetryPolicy(longestDelayMilliseconds: 10_000)
        var now: @Sendable () -> Int64 = { WallClock.system.unixMilliseconds() }

        /// - Parameters:
        ///   - events: the topic's address.
        ///   - store: the payout service's own database.
        /// - Throws: if the address can't be used, the database can't be opened, or the store is memory, which has no second user.
        public init(
            events: String, group: String = TaxTopic.defaultGroup, store: PayoutServiceConfiguration.Store, logger: Logger,
            crash: CrashPlan? = nil
        ) async throws {
            if case .memory = store { throw TaxWorkerError.needsDatabase }
            self.init(
                settings: try KafkaSettings(events), group: group, books: try await store.open(), logger: logger, crash: crash)
        }

        init(settings: KafkaSettings, group: String, books: any BookStore, logger: Logger, crash: CrashPlan? = nil) {
            self.settings = settings
            self.group = group
            self.books = books
            var stored = StoredTaxLedger(books: books, readsTopic: true)
            if let crash { stored.beforeCommit = { crash.pass(.beforeBookingCommit) } }
            ledger = crash.map { CrashingLedger(ledger: stored, plan: $0) } ?? stored
            self.logger = logger
            self.crash = crash
        }

        /// Runs until cancelled or gracefully shut down, then leaves the group, so that others take over at once.
        public func run() async throws {
            let deadLetters = try TaxTopicProducer(settings)
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    do { try await read(deadLetters) } catch {
                        if Task.isCancelled { break }
                        logger.error("the tax worker could not read its topic; it begins anew", metadata: ["error": "\(error)"])
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
            }
            await deadLetters.close()
        }

        /// As one member of the group. After an error nobody knows what of a batch was read but not booked: the next member begins with what
        /// was committed.
        private func read(_ deadLetters: TaxTopicProducer) async throws {
            let consumer = try KafkaConsumer(settings, group: group)
            let result: Result<Void, any Error>
            do {
                var reading = TaxTopicReading(worker: self, consumer: consumer, deadLetters: deadLetters)
                while !Task.isCancelled { try await reading.step() }
                result = .success(())
            } catch { result = .failure(error) }
            await consumer.close()
            try result.get()
        }
    }

    /// What a worker shows on `/metrics`.
    final class KafkaTaxFigures: Sendable {
        struct Counts: Sendable, Hashable {
            var booked = 0
            var repeated = 0
            var postponed = 0
            var buried = 0
            /// Dead letters that topic or books did not take, and that were tried again.
            var buriedInVain = 0
            /// Commits that the group refused, since another worker has the partition now.
            var lostPartitions = 0
            /// Empty until a partition was assigned.
            var standings: [KafkaPartition: KafkaConsumer.Standing] = [:]
            var trouble: String?
        }

        private let counts = Mutex(Counts())

        func update(_ body: (inout Counts) -> Void) { counts.withLock { body(&$0) } }
        var current: Counts { counts.withLock { $0 } }
    }

    extension KafkaTaxWorker: MetricSource {
        var metrics: [Metric] {
            let counts = figures.current
            let events = "bank_tax_worker_events_total"
            let about = "Tax events read, by what became of them."
            var metrics = [
                Metric("bank_tax_topic_up", .gauge, "Whether the topic can be read.", counts.trouble == nil ? 1 : 0),
                Metric(events, .counter, about, labels: #"outcome="booked""#, counts.booked),
                Metric(events, .counter, about, labels: #"outcome="repeated""#, counts.repeated),
                Metric(events, .counter, about, labels: #"outcome="postponed""#, counts.postponed),
                Metric(events, .counter, about, labels: #"outcome="buried""#, counts.buried),
                Metric(
                    "bank_tax_worker_lost_partitions_total", .counter,
                    "Offsets that were not committed, since another worker reads the partition now.", counts.lostPartitions),
                Metric(
                    "bank_tax_worker_partitions", .gauge, "Partitions that this worker reads now.", counts.standings.count),
            ]
            metrics += counts.standings.sorted { $0.key.number < $1.key.number }.map { partition, standing in
                Metric(
                    "bank_tax_topic_lag", .gauge, "Messages that are written and not committed as read.",
                    labels: #"partition="\#(partition.number)""#, standing.lag)
            }
            return metrics
        }
    }
#endif
