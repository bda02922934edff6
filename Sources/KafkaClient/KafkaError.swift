#if Kafka
    import CRdkafka

    /// Why Kafka did not do what it was asked.
    public struct KafkaError: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: Sendable, Hashable {
            /// No broker can be reached, or none answered in time. What was sent may have arrived.
            case away
            /// The message itself is refused (too large, say): sending it again won't help.
            case refusedMessage
            /// The consumer is no longer the one that reads this partition.
            case notAssigned
            /// A property that librdkafka doesn't take, or no right to the topic or the group.
            case refused
            case closed
        }

        public let kind: Kind
        public let description: String

        /// What one would read is not there.
        public static func missing(_ description: String) -> KafkaError { KafkaError(.away, description) }

        init(_ kind: Kind, _ description: String) {
            self.kind = kind
            self.description = description
        }

        init(_ code: rd_kafka_resp_err_t, _ doing: String) {
            let kind: Kind
            switch code {
            case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_RECORD,
                RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
                kind = .refusedMessage
            case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
                RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
                RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR__NO_OFFSET, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS:
                kind = .notAssigned
            case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
                RD_KAFKA_RESP_ERR__AUTHENTICATION:
                kind = .refused
            default: kind = .away
            }
            self.init(kind, "\(doing): \(String(cString: rd_kafka_err2str(code)))")
        }
    }
#endif
