#if Kafka
    import KafkaClient
    import Logging
    import ServiceLifecycle

    /// Carries committed tax events from the outbox to the topic: each at least once, an account's in their order.
    ///
    /// Of an account one event at a time is on its way, and the next one follows when Kafka has acknowledged it: a failure can't put two
    /// in the wrong order. On PostgreSQL any number of services may do this side by side; none takes what another one is taking.
    struct KafkaTaxRelay: Service {
        let books: any BookStore
        let outbox: any EventOutbox
        let producer: TaxTopicProducer
        let logger: Logger
        let wakes: TaxWorkerWakes
        var pollInterval = Duration.seconds(1)
        var retry = RetryPolicy(longestDelayMilliseconds: 10_000)
        var batch = 256
        var now: @Sendable () -> Int64 = { WallClock.system.unixMilliseconds() }
        var crash: CrashPlan?

        func run() async throws {
            await cancelWhenGracefulShutdown {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while (try? await Task.sleep(for: pollInterval)) != nil { wakes.wake() }
                        wakes.finish()
                    }
                    for await _ in wakes.stream { await drain() }
                }
            }
            await producer.close()
        }

        private func drain() async {
            do {
                while try await carry() {}
            } catch is CancellationError {
            } catch {
                logger.error(
                    "the relay could not read or acknowledge its tax events; it goes on", metadata: ["error": "\(error)"])
            }
        }

        /// Sends what is due, one event an account; false when nothing was.
        func carry() async throws -> Bool {
            try Task.checkCancellation()
            var accounts: Set<String> = []
            let events = try await outbox.due(at: now(), limit: batch).filter { accounts.insert($0.accountId).inserted }
            guard !events.isEmpty else { return false }
            try await books.change { books in
                for event in events { try PublishedEvents.note(event.eventId, account: event.accountId, in: books) }
            }
            crash?.pass(.beforePublish)
            let results = await producer.send(events.map { TaxTopicMessage.record($0, topic: producer.settings.topic) })
            crash?.pass(.afterPublish)
            var sent: [Int64] = []
            var failure: KafkaError?
            for (event, result) in zip(events, results) {
                do throws(KafkaError) {
                    try await settled(event, result).get()
                    sent.append(event.position)
                } catch {
                    failure = error
                    try await settle(event, error)
                }
            }
            if let failure {
                logger.warning(
                    "tax events were not delivered; they are sent again",
                    metadata: ["events": "\(events.count - sent.count)", "reason": "\(failure)"])
            }
            try await outbox.handOver(sent)
            crash?.pass(.afterAcknowledge)
            return true
        }

        /// A broker refuses what is sent together for the size of all of it: whatever it refuses is sent once more, alone.
        private func settled(
            _ event: PublishedTaxEvent, _ result: Result<Void, KafkaError>
        ) async -> Result<Void, KafkaError> {
            guard case .failure(let error) = result, error.kind == .refusedMessage else { return result }
            return await producer.send([TaxTopicMessage.record(event, topic: producer.settings.topic)]).first ?? result
        }

        /// A topic that is away is no fault of the event's: only what is refused for what it is becomes a dead letter.
        private func settle(_ event: PublishedTaxEvent, _ error: KafkaError) async throws {
            if error.kind == .refusedMessage {
                try await books.change { try PublishedEvents.remove(event.eventId, in: $0) }
                try await outbox.bury(event, at: now(), reason: error.description)
            } else {
                let delay = retry.delayMilliseconds(afterFailure: event.attempts + 1)
                try await outbox.postpone(event, until: now() + delay, reason: error.description)
            }
        }
    }

    extension KafkaTaxRelay: MetricSource {
        var metrics: [Metric] {
            let statistics = producer.statistics
            return [
                Metric("bank_tax_topic_sent_total", .counter, "Tax events that Kafka acknowledged.", statistics.delivered),
                Metric("bank_tax_topic_failed_total", .counter, "Sendings of tax events that failed.", statistics.failed),
                Metric(
                    "bank_tax_topic_up", .gauge, "Whether Kafka took the last tax event.", statistics.trouble == nil ? 1 : 0),
            ]
        }
    }
#endif
