#if Kafka
    import CRdkafka
    import Foundation
    import Synchronization

    /// Reads a topic as a member of a group: each partition by one member at a time. Nothing is committed but what ``commit(_:)`` is told.
    ///
    /// A member that is slow or gone loses its partitions, and what it did not commit is read again by another: messages come at least once.
    ///
    /// `@unchecked Sendable`: the handle is used by the consumer's own thread alone, in the order of the calls.
    public final class KafkaConsumer: @unchecked Sendable {
        /// What one look brought.
        public struct Batch: Sendable {
            public var messages: [KafkaMessage] = []
            /// What is wrong just now; the consumer goes on by itself.
            public var trouble: KafkaError?
        }

        /// How far the group is in a partition.
        public struct Standing: Sendable, Hashable {
            /// The next message to be read, by what was committed.
            public var next: Int64
            /// The offset that the next message written will have.
            public var end: Int64
            public var lag: Int64 { max(0, end - next) }
        }

        private let handle: OpaquePointer
        private let jobs: JobLine

        /// Joins the group as soon as ``poll(limit:waitMilliseconds:)`` is called.
        ///
        /// - Parameter topic: nil for the topic of the address.
        public init(_ settings: KafkaSettings, topic: String? = nil, group: String) throws(KafkaError) {
            let own = [
                "group.id": group, "enable.auto.commit": "false", "enable.auto.offset.store": "false",
                // A group that has committed nothing begins with the oldest message there is.
                "auto.offset.reset": "earliest",
            ]
            var settings = settings
            settings.properties = settings.properties.filter { !KafkaConsumer.producerProperties.contains($0.key) }
            let handle = try KafkaConfiguration.client(RD_KAFKA_CONSUMER, settings, own) { _ in }
            rd_kafka_poll_set_consumer(handle)
            let topics = rd_kafka_topic_partition_list_new(1)
            rd_kafka_topic_partition_list_add(topics, topic ?? settings.topic, -1)
            let code = rd_kafka_subscribe(handle, topics)
            rd_kafka_topic_partition_list_destroy(topics)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                rd_kafka_destroy(handle)
                throw KafkaError(code, "the topic can't be subscribed to")
            }
            self.handle = handle
            let jobs = JobLine()
            self.jobs = jobs
            let thread = Thread {
                while let job = jobs.next() { job() }
            }
            thread.name = "kafka consumer"
            thread.start()
        }

        static let producerProperties: Set<String> = [
            "message.timeout.ms", "delivery.timeout.ms", "linger.ms", "queue.buffering.max.ms", "compression.codec",
            "compression.type", "batch.size", "batch.num.messages", "message.max.bytes", "request.timeout.ms",
            "max.in.flight.requests.per.connection", "max.in.flight", "retries", "message.send.max.retries",
        ]

        /// The next messages, each partition's in order. Waits for the first one at most so long; calls must not lie further apart than
        /// `max.poll.interval.ms` (5 minutes), else the group goes on without this member until the next call.
        public func poll(limit: Int, waitMilliseconds: Int) async throws(KafkaError) -> Batch {
            try await perform { handle in
                var batch = Batch()
                var wait = Int32(waitMilliseconds)
                while batch.messages.count < limit, let message = rd_kafka_consumer_poll(handle, wait) {
                    defer { rd_kafka_message_destroy(message) }
                    if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                        batch.messages.append(KafkaMessage(message))
                        wait = 0
                    } else {
                        batch.trouble = KafkaError(message.pointee.err, "the topic can't be read just now")
                        break
                    }
                }
                return batch
            }
        }

        /// Keeps how far the group is; returns when Kafka has it.
        ///
        /// - Parameter next: the offset of the next message to be read, by partition.
        /// - Throws: `notAssigned` when this member is no longer one of the group's, or the group is being dealt anew: what is not committed is
        ///   read again, by whoever has the partition then.
        public func commit(_ next: [KafkaPartition: Int64]) async throws(KafkaError) {
            guard !next.isEmpty else { return }
            try await check("the offsets were not committed") { handle in
                let list = KafkaConsumer.list(next)
                defer { rd_kafka_topic_partition_list_destroy(list) }
                return rd_kafka_commit(handle, list, 0)
            }
        }

        /// Goes back to `offset` and brings nothing more of the partition until ``resume(_:)``.
        public func pause(_ partition: KafkaPartition, at offset: Int64) async throws(KafkaError) {
            try await check("a partition was not paused") { handle in
                let list = KafkaConsumer.list([partition: offset])
                defer { rd_kafka_topic_partition_list_destroy(list) }
                _ = rd_kafka_pause_partitions(handle, list)
                if let error = rd_kafka_seek_partitions(handle, list, 5_000) {
                    defer { rd_kafka_error_destroy(error) }
                    return rd_kafka_error_code(error)
                }
                return list?.pointee.elems[0].err ?? RD_KAFKA_RESP_ERR_NO_ERROR
            }
        }

        public func resume(_ partitions: some Sequence<KafkaPartition> & Sendable) async throws(KafkaError) {
            let list = Dictionary(partitions.map { ($0, Int64(-1)) }) { first, _ in first }
            guard !list.isEmpty else { return }
            try await check("partitions were not resumed") { handle in
                let list = KafkaConsumer.list(list)
                defer { rd_kafka_topic_partition_list_destroy(list) }
                return rd_kafka_resume_partitions(handle, list)
            }
        }

        /// The partitions that this member reads now, and how far the group is in each.
        public func standings(waitMilliseconds: Int = 2_000) async throws(KafkaError) -> [KafkaPartition: Standing] {
            try await perform { handle throws(KafkaError) in
                var assigned: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
                let wait = Int32(waitMilliseconds)
                var code = rd_kafka_assignment(handle, &assigned)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let assigned else { throw KafkaError(code, "no assignment is known") }
                defer { rd_kafka_topic_partition_list_destroy(assigned) }
                guard assigned.pointee.cnt > 0 else { return [:] }
                code = rd_kafka_committed(handle, assigned, wait)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code, "the committed offsets are not known") }
                var standings: [KafkaPartition: Standing] = [:]
                for index in 0..<Int(assigned.pointee.cnt) {
                    let entry = assigned.pointee.elems[index]
                    var low: Int64 = 0
                    var high: Int64 = 0
                    code = rd_kafka_query_watermark_offsets(handle, entry.topic, entry.partition, &low, &high, wait)
                    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code, "a partition's end is not known") }
                    let partition = KafkaPartition(topic: String(cString: entry.topic), number: entry.partition)
                    standings[partition] = Standing(next: max(entry.offset, low), end: high)
                }
                return standings
            }
        }

        /// Leaves the group, so that others take over at once, and lets everything go.
        public func close() async {
            await withCheckedContinuation { continuation in
                let taken = jobs.close { [self] in
                    rd_kafka_consumer_close(handle)
                    rd_kafka_destroy(handle)
                    continuation.resume()
                }
                if !taken { continuation.resume() }
            }
        }

        private func check(
            _ doing: String, _ body: @escaping @Sendable (OpaquePointer) -> rd_kafka_resp_err_t
        ) async throws(KafkaError) {
            try await perform { handle throws(KafkaError) in
                let code = body(handle)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code, doing) }
            }
        }

        private func perform<Value: Sendable>(
            _ body: @escaping @Sendable (OpaquePointer) throws(KafkaError) -> Value
        ) async throws(KafkaError) -> Value {
            let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
                let taken = jobs.append { [self] in
                    do throws(KafkaError) {
                        continuation.resume(returning: .success(try body(handle)))
                    } catch { continuation.resume(returning: .failure(error)) }
                }
                if !taken { continuation.resume(returning: .failure(KafkaError(.closed, "the Kafka consumer was closed"))) }
            }
            return try result.get()
        }

        /// To be destroyed by the caller.
        private static func list(
            _ offsets: [KafkaPartition: Int64]
        ) -> UnsafeMutablePointer<rd_kafka_topic_partition_list_t>? {
            let list = rd_kafka_topic_partition_list_new(Int32(offsets.count))
            for (partition, offset) in offsets {
                rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)?.pointee.offset = offset
            }
            return list
        }
    }

    /// What one thread has to do, in order.
    private final class JobLine: @unchecked Sendable {
        // Guarded by `condition`.
        private var jobs: [@Sendable () -> Void] = []
        private var isClosed = false
        private let condition = NSCondition()

        /// False when the line is closed.
        func append(_ job: @escaping @Sendable () -> Void) -> Bool {
            condition.withLock {
                guard !isClosed else { return false }
                jobs.append(job)
                condition.signal()
                return true
            }
        }

        /// Waits; nil when the line is closed and empty.
        func next() -> (@Sendable () -> Void)? {
            condition.withLock {
                while jobs.isEmpty, !isClosed { condition.wait() }
                return jobs.isEmpty ? nil : jobs.removeFirst()
            }
        }

        /// The last job, behind which nothing is taken; false when the line was closed before.
        func close(_ last: @escaping @Sendable () -> Void) -> Bool {
            condition.withLock {
                guard !isClosed else { return false }
                jobs.append(last)
                isClosed = true
                condition.signal()
                return true
            }
        }
    }

    extension KafkaMessage {
        fileprivate init(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
            func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8] {
                start.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
            }
            let topic = message.pointee.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
            partition = KafkaPartition(topic: topic, number: message.pointee.partition)
            offset = message.pointee.offset
            key = bytes(message.pointee.key, message.pointee.key_len)
            payload = bytes(message.pointee.payload, message.pointee.len)
            headers = []
            var all: OpaquePointer?
            guard rd_kafka_message_headers(message, &all) == RD_KAFKA_RESP_ERR_NO_ERROR, let all else { return }
            var index = 0
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            while rd_kafka_header_get_all(all, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
                if let name { headers.append(KafkaHeader(name: String(cString: name), value: bytes(value, size))) }
                index += 1
            }
        }
    }
#endif
