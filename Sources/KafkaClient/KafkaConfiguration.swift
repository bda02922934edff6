#if Kafka
    import CRdkafka

    /// librdkafka's configuration, as properties by name.
    enum KafkaConfiguration {
        /// Why librdkafka does not take this property; nil if it does.
        static func complaint(about name: String, _ value: String) -> String? {
            let configuration = rd_kafka_conf_new()
            defer { rd_kafka_conf_destroy(configuration) }
            return set(name, value, on: configuration).map { "the Kafka address can't be used: \($0)" }
        }

        private static func set(_ name: String, _ value: String, on configuration: OpaquePointer?) -> String? {
            var reason = [CChar](repeating: 0, count: 512)
            let result = rd_kafka_conf_set(configuration, name, value, &reason, reason.count)
            guard result != RD_KAFKA_CONF_OK else { return nil }
            return String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        /// Makes a client. `prepare` sets callbacks.
        static func client(
            _ type: rd_kafka_type_t, _ settings: KafkaSettings, _ own: [String: String], _ prepare: (OpaquePointer) -> Void
        ) throws(KafkaError) -> OpaquePointer {
            guard let configuration = rd_kafka_conf_new() else { throw KafkaError(.refused, "no memory for a Kafka client") }
            var properties = defaults.merging(settings.properties) { $1 }
            properties.merge(own) { $1 }
            properties["bootstrap.servers"] = settings.brokers.joined(separator: ",")
            for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
                // A consumer is told of a producer's properties by a log line; both come from one address.
                if let complaint = set(name, value, on: configuration) {
                    rd_kafka_conf_destroy(configuration)
                    throw KafkaError(.refused, "the Kafka client can't be made: \(complaint)")
                }
            }
            prepare(configuration)
            var reason = [CChar](repeating: 0, count: 512)
            guard let handle = rd_kafka_new(type, configuration, &reason, reason.count) else {
                rd_kafka_conf_destroy(configuration)
                let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                throw KafkaError(.refused, "the Kafka client can't be made: \(text)")
            }
            return handle
        }

        /// What an address may change.
        private static let defaults = [
            "client.id": "countersign",
            // Its own log lines would stand between ours: what matters comes back as an error.
            "log_level": "2", "log.connection.close": "false",
            "socket.keepalive.enable": "true",
            // One broker away is no reason to wait long before the next try.
            "reconnect.backoff.max.ms": "2000",
        ]
    }
#endif
