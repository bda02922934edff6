#if Kafka
    import CRdkafka
    import Foundation
    import Synchronization

    /// Sends messages: idempotent, and acknowledged by all replicas in sync, so that what counts as sent is kept once and in order.
    ///
    /// A send that fails may have arrived all the same (the answer was lost): whoever sends it again sends it twice, and the reader has to
    /// know it by its id.
    ///
    /// `@unchecked Sendable`: librdkafka's handle may be used from any thread; it is destroyed by `thread` after the last use, which
    /// `state` guards.
    public final class KafkaProducer: @unchecked Sendable {
        public struct Statistics: Sendable, Hashable {
            public var delivered = 0
            public var failed = 0
            /// Why the last message failed, until one is delivered again.
            public var trouble: String?
        }

        private struct State {
            var isClosed = false
            /// The client ended itself (a sequence was lost): all it could still do is fail.
            var isBroken = false
            var hasEnded = false
            var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        }

        private let handle: OpaquePointer
        private let state = Mutex(State())
        private let counts = Mutex(Statistics())
        private let isClosing = Atomic(false)

        /// Connects when something is sent, not here.
        ///
        /// - Parameter timeoutMilliseconds: how long a message is tried, from being handed over.
        public init(_ settings: KafkaSettings, timeoutMilliseconds: Int = 20_000) throws(KafkaError) {
            let own = [
                "enable.idempotence": "true", "acks": "all", "message.timeout.ms": String(timeoutMilliseconds),
                // Nobody waits for more to come: the relay hands over what there is.
                "linger.ms": "0",
            ].filter { $0.key != "message.timeout.ms" || settings.properties["message.timeout.ms"] == nil }
            let reader = KafkaProducer.consumerProperties
            var settings = settings
            settings.properties = settings.properties.filter { !reader.contains($0.key) }
            handle = try KafkaConfiguration.client(RD_KAFKA_PRODUCER, settings, own) { configuration in
                rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, _ in
                    guard let message, let opaque = message.pointee._private else { return }
                    Unmanaged<Delivery>.fromOpaque(opaque).takeRetainedValue().end(message.pointee.err)
                }
            }
            let thread = Thread { [self] in serve() }
            thread.name = "kafka producer"
            thread.start()
        }

        /// Properties of an address that concern its readers alone; a producer would warn of each.
        static let consumerProperties: Set<String> = [
            "session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms", "partition.assignment.strategy",
            "group.instance.id", "fetch.min.bytes", "fetch.wait.max.ms", "fetch.max.bytes", "max.partition.fetch.bytes",
            "isolation.level",
        ]

        /// Sends all, and waits for what becomes of each.
        ///
        /// - Returns: one result a record, in the records' order.
        public func send(_ records: [KafkaRecord]) async -> [Result<Void, KafkaError>] {
            guard !records.isEmpty else { return [] }
            return await withCheckedContinuation { continuation in
                let batch = Batch(count: records.count) { [self] results in
                    count(results)
                    continuation.resume(returning: results)
                }
                for (index, record) in records.enumerated() {
                    hand(over: record, Delivery(batch, index) { [self] in state.withLock { $0.isBroken = true } })
                }
            }
        }

        private func count(_ results: [Result<Void, KafkaError>]) {
            counts.withLock { counts in
                for result in results {
                    switch result {
                    case .success:
                        counts.delivered += 1
                        counts.trouble = nil
                    case .failure(let error):
                        counts.failed += 1
                        counts.trouble = error.description
                    }
                }
            }
        }

        public var statistics: Statistics { counts.withLock { $0 } }
        /// Messages that nothing has become of yet.
        var queued: Int { state.withLock { $0.isClosed ? 0 : Int(rd_kafka_outq_len(handle)) } }
        /// Whether the client ended itself and has to be replaced by another one.
        public var isBroken: Bool { state.withLock { $0.isBroken } }

        private func hand(over record: KafkaRecord, _ delivery: Delivery) {
            let headers = rd_kafka_headers_new(record.headers.count)
            for header in record.headers {
                rd_kafka_header_add(headers, header.name, -1, header.value, header.value.count)
            }
            let opaque = Unmanaged.passRetained(delivery)
            let code = state.withLock { state -> rd_kafka_resp_err_t in
                guard !state.isClosed else { return RD_KAFKA_RESP_ERR__DESTROY }
                return crdkafka_produce(
                    handle, record.topic, record.key, record.key.count, record.payload, record.payload.count, headers,
                    opaque.toOpaque())
            }
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
            rd_kafka_headers_destroy(headers)
            opaque.release()
            delivery.end(code)
        }

        /// Waits for what is on its way, at most 5 s, fails the rest, and lets everything go. Sends fail from now on.
        public func close() async {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    state.isClosed = true
                    if !state.hasEnded { state.waitingForEnd.append(continuation) }
                    return state.hasEnded
                }
                isClosing.store(true, ordering: .releasing)
                if hasEnded { continuation.resume() }
            }
        }

        private func serve() {
            while !isClosing.load(ordering: .acquiring) { rd_kafka_poll(handle, 100) }
            rd_kafka_flush(handle, 5_000)
            rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            rd_kafka_flush(handle, 1_000)
            rd_kafka_destroy(handle)
            let waiting = state.withLock { state in
                state.hasEnded = true
                return state.waitingForEnd
            }
            for continuation in waiting { continuation.resume() }
        }

        /// What becomes of the records of one `send`.
        private final class Batch: Sendable {
            private let results: Mutex<(left: Int, results: [Result<Void, KafkaError>])>
            private let done: @Sendable ([Result<Void, KafkaError>]) -> Void

            init(count: Int, done: @escaping @Sendable ([Result<Void, KafkaError>]) -> Void) {
                results = Mutex((count, Array(repeating: .success(()), count: count)))
                self.done = done
            }

            func end(_ index: Int, _ result: Result<Void, KafkaError>) {
                let all = results.withLock { state -> [Result<Void, KafkaError>]? in
                    state.results[index] = result
                    state.left -= 1
                    return state.left == 0 ? state.results : nil
                }
                if let all { done(all) }
            }
        }

        private final class Delivery: Sendable {
            private let batch: Batch
            private let index: Int
            private let noteFatal: @Sendable () -> Void

            init(_ batch: Batch, _ index: Int, _ noteFatal: @escaping @Sendable () -> Void) {
                self.batch = batch
                self.index = index
                self.noteFatal = noteFatal
            }

            func end(_ code: rd_kafka_resp_err_t) {
                switch code {
                case RD_KAFKA_RESP_ERR_NO_ERROR: batch.end(index, .success(()))
                case RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
                    batch.end(index, .failure(KafkaError(.closed, "the Kafka producer was closed; the message may have arrived")))
                default:
                    if code == RD_KAFKA_RESP_ERR__FATAL { noteFatal() }
                    batch.end(index, .failure(KafkaError(code, "a message was not delivered")))
                }
            }
        }
    }
#endif
