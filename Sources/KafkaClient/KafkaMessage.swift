#if Kafka
    /// What is sent to a topic.
    public struct KafkaRecord: Sendable, Hashable {
        public var topic: String
        /// Messages of one key stay in order.
        public var key: [UInt8]
        public var payload: [UInt8]
        public var headers: [KafkaHeader]

        public init(topic: String, key: [UInt8], payload: [UInt8], headers: [KafkaHeader] = []) {
            self.topic = topic
            self.key = key
            self.payload = payload
            self.headers = headers
        }
    }

    public struct KafkaHeader: Sendable, Hashable {
        public var name: String
        public var value: [UInt8]

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = Array(value.utf8)
        }

        init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// One of a topic's queues.
    public struct KafkaPartition: Sendable, Hashable {
        public var topic: String
        public var number: Int32

        public init(topic: String, number: Int32) {
            self.topic = topic
            self.number = number
        }
    }

    /// What was read from a topic.
    public struct KafkaMessage: Sendable, Hashable {
        public var partition: KafkaPartition
        public var offset: Int64
        public var key: [UInt8]
        public var payload: [UInt8]
        public var headers: [KafkaHeader]

        /// The last header of that name, as text.
        public func header(_ name: String) -> String? {
            headers.last { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
        }
    }
#endif
