#if Kafka
    import KafkaClient
    import Synchronization
#endif

/// The Kafka topic that tax events go through: an address such as `kafka://HOST:PORT/TOPIC`.
public enum TaxTopic {
    /// Why the service can't be started with this address.
    public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Why this address can't be used, in a sentence; nil if it can. Nothing is connected to.
    public static func refusal(ofAddress address: String) -> String? {
        #if Kafka
            do throws(KafkaSettings.Refusal) {
                _ = try KafkaSettings(address)
                return nil
            } catch { return error.description }
        #else
            return "this program was built without Kafka; build it with `swift build --traits Kafka` (it needs librdkafka-dev)"
        #endif
    }

    /// The group that tax workers are members of, unless told otherwise.
    public static let defaultGroup = "bank-tax-worker"
}

#if Kafka
    /// How tax events are written to the topic: docs/tax-events.md.
    enum TaxTopicMessage {
        /// All of an account's events in one partition, hence in order.
        static func record(_ event: PublishedTaxEvent, topic: String) -> KafkaRecord {
            KafkaRecord(
                topic: topic, key: Array(event.accountId.utf8), payload: Array(event.payload.utf8),
                headers: [
                    KafkaHeader("event-id", event.eventId), KafkaHeader("schema", String(TaxEvent.currentSchema)),
                    KafkaHeader("content-type", "application/json"),
                ])
        }

        /// The message as it came, with what is needed to understand why it is here.
        static func deadLetter(_ message: KafkaMessage, reason: String, attempts: Int, topic: String) -> KafkaRecord {
            KafkaRecord(
                topic: topic, key: message.key, payload: message.payload,
                headers: withoutDeadLetterHeaders(message) + [
                    KafkaHeader("dead-letter-reason", reason), KafkaHeader("dead-letter-attempts", String(attempts)),
                    KafkaHeader("dead-letter-topic", message.partition.topic),
                    KafkaHeader("dead-letter-partition", String(message.partition.number)),
                    KafkaHeader("dead-letter-offset", String(message.offset)),
                ])
        }

        /// For a topic that takes no message of that size.
        static func withoutPayload(_ letter: KafkaRecord) -> KafkaRecord {
            var letter = letter
            letter.headers.append(KafkaHeader("dead-letter-payload-bytes", String(letter.payload.count)))
            letter.payload = []
            return letter
        }

        /// A dead letter as the message that it was.
        static func replay(_ letter: KafkaMessage, topic: String) -> KafkaRecord {
            let replays = (letter.header("replays").flatMap { Int($0) } ?? 0) + 1
            return KafkaRecord(
                topic: topic, key: letter.key, payload: letter.payload,
                headers: withoutDeadLetterHeaders(letter).filter { $0.name != "replays" } + [
                    KafkaHeader("replays", String(replays))
                ])
        }

        /// By which the outbox knows it; nil for what did not come from one.
        static func eventId(_ message: KafkaMessage) -> String? { message.header("event-id") }

        private static func withoutDeadLetterHeaders(_ message: KafkaMessage) -> [KafkaHeader] {
            message.headers.filter { !$0.name.hasPrefix("dead-letter-") }
        }
    }

    /// A producer that is replaced when it broke, which an idempotent one does rather than lose the order, and when nothing of what it was given
    /// was delivered in its time: whatever it waits for, a new client begins with a look at the brokers.
    final class TaxTopicProducer: Sendable {
        private struct State {
            var producer: KafkaProducer
            var isSuspect = false
            /// Of the producers before.
            var delivered = 0
            var failed = 0
        }

        let settings: KafkaSettings
        private let state: Mutex<State>

        init(_ settings: KafkaSettings) throws(KafkaError) {
            self.settings = settings
            state = Mutex(State(producer: try KafkaProducer(settings)))
        }

        func send(_ records: [KafkaRecord]) async -> [Result<Void, KafkaError>] {
            do throws(KafkaError) {
                let results = await (try sound().get()).send(records)
                let isSuspect = results.allSatisfy { result in
                    if case .failure(let error) = result { error.kind == .away } else { false }
                }
                if !results.isEmpty { state.withLock { $0.isSuspect = isSuspect } }
                return results
            } catch { return records.map { _ in .failure(error) } }
        }

        private func sound() -> Result<KafkaProducer, KafkaError> {
            state.withLock { state in
                let before = state.producer
                guard state.isSuspect || before.isBroken else { return .success(before) }
                do throws(KafkaError) {
                    state.producer = try KafkaProducer(settings)
                } catch { return .failure(error) }
                state.isSuspect = false
                state.delivered += before.statistics.delivered
                state.failed += before.statistics.failed
                Task { await before.close() }
                return .success(state.producer)
            }
        }

        var statistics: KafkaProducer.Statistics {
            state.withLock { state in
                var statistics = state.producer.statistics
                statistics.delivered += state.delivered
                statistics.failed += state.failed
                return statistics
            }
        }

        func close() async { await state.withLock { $0.producer }.close() }
    }
#endif
