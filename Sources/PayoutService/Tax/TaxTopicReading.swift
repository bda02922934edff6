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
        /// The last dead letter that Kafka took.
        private var letterOut: (partition: KafkaPartition, offset: Int64)?

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
            note(batch.trouble, isRead: !batch.messages.isEmpty)
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
                    part.failure = Failure(
                        message: message, reason: "\(error)", isFinal: false, counts: BooksFailure.isOfTheEvent(error))
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
            } catch {
                _ = waits.failed(part.partition, at: message.offset, now: worker.now(), counts: false)
                worker.figures.update { $0.buriedInVain += 1 }
                worker.logger.warning("a dead letter could not be kept; it is tried again", metadata: ["error": "\(error)"])
                return try await pause(part.partition, at: message.offset)
            }
            part.progress.buried += 1
            part.next = message.offset + 1
            // What stood behind it in the batch was not looked at.
            try await pause(part.partition, at: part.next)
            try await consumer.resume([part.partition])
        }

        /// The topic first: what the books call dead can be replayed from there. A letter that is out is not sent again while the books don't
        /// take note of it.
        private mutating func bury(_ message: KafkaMessage, _ reason: String, _ attempts: Int) async throws {
            if letterOut?.partition != message.partition || letterOut?.offset != message.offset {
                try await send(
                    TaxTopicMessage.deadLetter(
                        message, reason: reason, attempts: attempts, topic: worker.settings.deadLetterTopic))
                letterOut = (message.partition, message.offset)
            }
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

        /// A letter that is too large for the topic goes without its payload, and says where that is.
        private func send(_ letter: KafkaRecord) async throws {
            do throws(KafkaError) {
                for result in await deadLetters.send([letter]) { try result.get() }
            } catch {
                guard error.kind == .refusedMessage, !letter.payload.isEmpty else { throw error }
                for result in await deadLetters.send([TaxTopicMessage.withoutPayload(letter)]) { try result.get() }
            }
        }

        private func pause(_ partition: KafkaPartition, at offset: Int64) async throws {
            do throws(KafkaError) { try await consumer.pause(partition, at: offset) } catch {
                // Given to another worker meanwhile, who goes on from what was committed.
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

        /// A look that brought nothing says nothing of whether the topic can be read.
        private func note(_ trouble: KafkaError?, isRead: Bool) {
            guard trouble != nil || isRead else { return }
            let before = worker.figures.current.trouble
            worker.figures.update { $0.trouble = trouble?.description }
            if let trouble, before == nil {
                worker.logger.warning("the topic can't be read just now", metadata: ["reason": "\(trouble)"])
            } else if trouble == nil, before != nil {
                worker.logger.info("the topic can be read again")
            }
        }

        private mutating func readLag(_ now: Int64) async {
            guard now - lagReadAt >= TaxTopicReading.lagEveryMilliseconds else { return }
            lagReadAt = now
            do throws(KafkaError) {
                let standings = try await consumer.standings(waitMilliseconds: 500)
                worker.figures.update { $0.standings = standings }
                note(nil, isRead: true)
            } catch { note(error, isRead: false) }
        }
    }
#endif
