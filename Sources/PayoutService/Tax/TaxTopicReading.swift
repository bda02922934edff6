#if Kafka
    import KafkaClient
    import Logging

    /// One worker's reading of the topic, a batch at a time.
    struct TaxTopicReading {
        let worker: KafkaTaxWorker
        let consumer: KafkaConsumer
        let deadLetters: TaxTopicProducer
        private var waits: PartitionWaits
        private var lagReadAt: Int64 = 0

        private static let batch = 256
        private static let lagEveryMilliseconds: Int64 = 2_000

        init(worker: KafkaTaxWorker, consumer: KafkaConsumer, deadLetters: TaxTopicProducer) {
            self.worker = worker
            self.consumer = consumer
            self.deadLetters = deadLetters
            waits = PartitionWaits(retry: worker.retry)
        }

        /// What came of one partition's part of a batch.
        private struct Part: Sendable {
            var partition: KafkaPartition
            /// The next message to be read.
            var next: Int64
            var progress = TaxEventProcessor.Progress()
            var failure: Failure?
        }

        private struct Failure: Sendable {
            var message: KafkaMessage
            var reason: String
            /// Whether the event itself is at fault, and no retry mends it.
            var isFinal: Bool
            var counts: Bool
        }

        /// Reads, books, and commits. Returns when there is nothing for a moment, too.
        mutating func step() async throws {
            let now = worker.now()
            try await consumer.resume(waits.due(at: now))
            let batch = try await consumer.poll(limit: TaxTopicReading.batch, waitMilliseconds: 200)
            note(batch.trouble)
            var parts: [KafkaPartition: [KafkaMessage]] = [:]
            for message in batch.messages { parts[message.partition, default: []].append(message) }
            for (partition, _) in parts {
                guard let offset = waits.isTooEarly(partition, at: now) else { continue }
                parts[partition] = nil
                try await pause(partition, at: offset)
            }
            // Partitions have no order among each other.
            let worker = worker
            let done = await withTaskGroup(of: Part.self) { group in
                for (partition, messages) in parts {
                    group.addTask { await TaxTopicReading.book(partition, messages, worker) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            var next: [KafkaPartition: Int64] = [:]
            for var part in done {
                if let failure = part.failure { try await settle(failure, &part) }
                waits.through(part.partition, at: part.next - 1)
                if part.next > (parts[part.partition]?.first?.offset ?? part.next) { next[part.partition] = part.next }
                worker.figures.update { figures in
                    figures.booked += part.progress.booked
                    figures.repeated += part.progress.repeated
                    figures.postponed += part.progress.postponed
                    figures.buried += part.progress.buried
                }
            }
            try await commit(next)
            await readLag(now)
        }

        /// In order, up to the first failure.
        private static func book(_ partition: KafkaPartition, _ messages: [KafkaMessage], _ worker: KafkaTaxWorker) async -> Part
        {
            var part = Part(partition: partition, next: messages.first?.offset ?? 0)
            for message in messages {
                do {
                    let event = try TaxEvent(String(decoding: message.payload, as: UTF8.self))
                    if try await worker.ledger.book(event, at: worker.now()) {
                        part.progress.booked += 1
                    } else {
                        part.progress.repeated += 1
                    }
                    part.next = message.offset + 1
                } catch let refusal as TaxEventRefusal {
                    part.failure = Failure(message: message, reason: refusal.reason, isFinal: true, counts: true)
                    return part
                } catch {
                    // The books' absence, and being asked to stop, are no fault of the event's.
                    let isOurs = error is BooksFailure || error is CancellationError
                    part.failure = Failure(message: message, reason: "\(error)", isFinal: false, counts: !isOurs)
                    return part
                }
            }
            return part
        }

        private mutating func settle(_ failure: Failure, _ part: inout Part) async throws {
            let message = failure.message
            var attempts = waits.attempts(part.partition, at: message.offset) + 1
            if !failure.isFinal {
                switch waits.failed(part.partition, at: message.offset, now: worker.now(), counts: failure.counts) {
                case .again:
                    part.progress.postponed += 1
                    if failure.counts {
                        worker.logger.warning(
                            "a tax event could not be booked; it is tried again",
                            metadata: ["event": "\(TaxTopicMessage.eventId(message) ?? "?")", "reason": "\(failure.reason)"])
                    }
                    return try await pause(part.partition, at: message.offset)
                case .giveUp(let made): attempts = made
                }
            }
            do {
                try await bury(message, failure.reason, attempts)
                part.progress.buried += 1
                part.next = message.offset + 1
                // What stood behind it in the batch was not looked at.
                try await consumer.pause(part.partition, at: part.next)
                try await consumer.resume([part.partition])
            } catch let error as KafkaError where error.kind == .notAssigned {
                // Whoever has the partition now goes on from what was committed.
            } catch {
                _ = waits.failed(part.partition, at: message.offset, now: worker.now(), counts: false)
                worker.logger.warning("a dead letter could not be kept; it is tried again", metadata: ["error": "\(error)"])
                try await pause(part.partition, at: message.offset)
            }
        }

        /// The topic first: what the books call dead can be replayed from there.
        private func bury(_ message: KafkaMessage, _ reason: String, _ attempts: Int) async throws {
            let letter = TaxTopicMessage.deadLetter(
                message, reason: reason, attempts: attempts, topic: worker.settings.deadLetterTopic)
            for result in await deadLetters.send([letter]) { try result.get() }
            let now = worker.now()
            if let eventId = TaxTopicMessage.eventId(message) {
                try await worker.books.change { books in
                    try PublishedEvents.bury(eventId, at: now, attempts: attempts, reason: reason, in: books)
                }
            }
            worker.logger.error(
                "a tax event is with the dead letters",
                metadata: [
                    "event": "\(TaxTopicMessage.eventId(message) ?? "?")", "topic": "\(worker.settings.deadLetterTopic)",
                    "reason": "\(reason)",
                ])
        }

        private func pause(_ partition: KafkaPartition, at offset: Int64) async throws {
            do throws(KafkaError) { try await consumer.pause(partition, at: offset) } catch {
                // Given to another worker meanwhile, who reads it from the start.
                guard error.kind == .notAssigned else { throw error }
            }
        }

        private func commit(_ next: [KafkaPartition: Int64]) async throws {
            guard !next.isEmpty else { return }
            do throws(KafkaError) {
                try await consumer.commit(next)
                worker.crash?.pass(.afterOffsetCommit)
            } catch {
                // Read again, and recognized by the inbox.
                guard error.kind == .notAssigned else { throw error }
                worker.figures.update { $0.lostPartitions += next.count }
            }
        }

        private func note(_ trouble: KafkaError?) {
            let before = worker.figures.current.trouble
            if let trouble, before == nil {
                worker.logger.warning("the topic can't be read just now", metadata: ["reason": "\(trouble)"])
            }
            worker.figures.update { $0.trouble = trouble?.description }
        }

        private mutating func readLag(_ now: Int64) async {
            guard now - lagReadAt >= TaxTopicReading.lagEveryMilliseconds else { return }
            lagReadAt = now
            do throws(KafkaError) {
                let standings = try await consumer.standings(waitMilliseconds: 500)
                worker.figures.update { $0.standings = standings }
            } catch { note(error) }
        }
    }
#endif
