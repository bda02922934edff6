/// Sends dead letters on their way once more, when what made them fail is mended.
public enum DeadLetterReplay {
    /// Of events that never left the database: they are pending again.
    ///
    /// - Returns: how many.
    public static func run(store: PayoutServiceConfiguration.Store) async throws -> Int {
        if case .memory = store { throw TaxWorkerError.needsDatabase }
        let books = try await store.open()
        let count = try await inOutbox(books)
        try books.close()
        return count
    }

    static func inOutbox(_ books: any BookStore) async throws -> Int {
        try await books.change { books in
            let dead = try books.rows("SELECT event_id FROM tax_outbox WHERE state = 'DEAD' ORDER BY position")
            for row in dead {
                let id = BookValue(try row.text(0))
                try books.execute(
                    "UPDATE tax_outbox SET state = 'PENDING', attempts = 0, due_at = 0 WHERE event_id = ?", [id])
                try books.execute("DELETE FROM tax_dead_letter WHERE event_id = ?", [id])
            }
            return dead.count
        }
    }
}

#if Kafka
    import KafkaClient

    extension DeadLetterReplay {
        /// Of the dead letters' topic: sent to the events' topic again, from where the last replay ended to what is there now.
        ///
        /// - Parameter events: the events' topic's address.
        /// - Returns: how many.
        public static func run(
            events: String, group: String = TaxTopic.defaultGroup, store: PayoutServiceConfiguration.Store
        ) async throws -> Int {
            if case .memory = store { throw TaxWorkerError.needsDatabase }
            let books = try await store.open()
            let count = try await run(try KafkaSettings(events), group: group, books: books)
            try books.close()
            return count
        }

        static func run(
            _ settings: KafkaSettings, group: String, books: any BookStore,
            patience: Duration = .seconds(60)
        ) async throws -> Int {
            let consumer = try KafkaConsumer(settings, topic: settings.deadLetterTopic, group: group + ".dead-letters")
            let producer = try TaxTopicProducer(settings)
            let result: Result<Int, any Error>
            do {
                result = .success(try await replay(consumer, producer, books, patience))
            } catch { result = .failure(error) }
            await consumer.close()
            await producer.close()
            return try result.get()
        }

        private static func replay(
            _ consumer: KafkaConsumer, _ producer: TaxTopicProducer, _ books: any BookStore, _ patience: Duration
        ) async throws -> Int {
            let clock = ContinuousClock()
            var progressed = clock.now
            var ends: [KafkaPartition: Int64] = [:]
            var count = 0
            while true {
                let batch = try await consumer.poll(limit: 100, waitMilliseconds: 200)
                if let trouble = batch.trouble, trouble.kind == .refused { throw trouble }
                let letters = batch.messages
                // In the books first: should it be read at once, it is found to be on its way.
                try await books.change { books in
                    for letter in letters {
                        if let eventId = TaxTopicMessage.eventId(letter) { try PublishedEvents.exhume(eventId, in: books) }
                    }
                }
                let records = letters.map { TaxTopicMessage.replay($0, topic: producer.settings.topic) }
                for result in await producer.send(records) { try result.get() }
                var next: [KafkaPartition: Int64] = [:]
                for letter in letters { next[letter.partition] = letter.offset + 1 }
                try await consumer.commit(next)
                count += letters.count
                if !letters.isEmpty { progressed = clock.now }
                let standings = try await consumer.standings()
                if ends.isEmpty { ends = standings.mapValues(\.end) }
                // A partition that is not this member's just now says nothing.
                if !ends.isEmpty, ends.allSatisfy({ partition, end in standings[partition].map { $0.next >= end } ?? false }) {
                    return count
                }
                guard clock.now - progressed < patience else { throw batch.trouble ?? .noAssignment(producer.settings) }
            }
        }
    }

    extension KafkaError {
        fileprivate static func noAssignment(_ settings: KafkaSettings) -> KafkaError {
            .missing(
                "nothing of \(settings.deadLetterTopic) could be read for a minute: create the topic if it is missing, look whether the brokers"
                    + " answer, and let nobody else replay it at the same time")
        }
    }
#endif
