#if Kafka
    import TestKit
    import Testing

    @testable import KafkaClient

    /// Against librdkafka's mock cluster, over TCP.
    @Suite struct KafkaProducerTests {
        static func records(_ count: Int, topic: String, key: String = "k") -> [KafkaRecord] {
            (0..<count).map { number in
                KafkaRecord(
                    topic: topic, key: Array(key.utf8), payload: Array("\(number)".utf8),
                    headers: [KafkaHeader("number", "\(number)"), KafkaHeader("empty", "")])
            }
        }

        @Test(.timeLimit(.minutes(1))) func whatIsSentIsReadInOrderWithItsHeaders() async throws {
            let mock = try await KafkaMock(["t": 4])
            let settings = try KafkaSettings(mock.address("t"))
            let producer = try KafkaProducer(settings)
            let results = await producer.send(KafkaProducerTests.records(50, topic: "t"))
            #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
            #expect(producer.statistics == .init(delivered: 50, failed: 0, trouble: nil))
            let consumer = try KafkaConsumer(settings, group: "g")
            let messages = try await consumer.read(50)
            #expect(messages.map { String(decoding: $0.payload, as: UTF8.self) } == (0..<50).map { "\($0)" })
            #expect(Set(messages.map(\.partition)).count == 1)
            #expect(messages[7].header("number") == "7" && messages[7].header("empty") == "")
            #expect(messages[7].header("none") == nil)
            #expect(messages[7].key == Array("k".utf8))
            await consumer.close()
            await producer.close()
        }

        @Test(.timeLimit(.minutes(1))) func aLeaderThatMovesCostsNothingAndNoOrder() async throws {
            let mock = try await KafkaMock(["t": 1])
            let settings = try KafkaSettings(mock.address("t", "retry.backoff.ms=20"))
            let producer = try KafkaProducer(settings)
            try await mock.tell("refuse-produce 3")
            let results = await producer.send(KafkaProducerTests.records(20, topic: "t"))
            #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
            let consumer = try KafkaConsumer(settings, group: "g")
            #expect(
                try await consumer.read(20).map { String(decoding: $0.payload, as: UTF8.self) } == (0..<20).map { "\($0)" })
            await consumer.close()
            await producer.close()
        }

        @Test(.timeLimit(.minutes(1))) func aBrokerThatIsDownFailsInTimeAndIsUsedAgainWhenItIsBack() async throws {
            let mock = try await KafkaMock(["t": 1])
            let settings = try KafkaSettings(mock.address("t", "reconnect.backoff.max.ms=100"))
            let producer = try KafkaProducer(settings, timeoutMilliseconds: 1_000)
            try await mock.tell("down")
            let failed = await producer.send(KafkaProducerTests.records(2, topic: "t"))
            for result in failed {
                let error = #expect(throws: KafkaError.self) { try result.get() }
                #expect(error?.kind == .away)
            }
            #expect(producer.statistics.failed == 2 && producer.statistics.trouble != nil)
            try await mock.tell("up")
            try await eventually("a message delivered", within: 30) {
                guard case .success? = await producer.send(KafkaProducerTests.records(1, topic: "t")).first else { return false }
                return true
            }
            #expect(producer.statistics.trouble == nil)
            await producer.close()
        }

        @Test(.timeLimit(.minutes(1))) func aMessageThatIsTooLargeIsRefusedForWhatItIs() async throws {
            let mock = try await KafkaMock(["t": 1])
            let producer = try KafkaProducer(try KafkaSettings(mock.address("t", "message.max.bytes=1000")))
            let large = KafkaRecord(topic: "t", key: [], payload: [UInt8](repeating: 65, count: 2_000))
            let results = await producer.send([large] + KafkaProducerTests.records(1, topic: "t"))
            let error = #expect(throws: KafkaError.self) { try results[0].get() }
            #expect(error?.kind == .refusedMessage)
            #expect(throws: Never.self) { try results[1].get() }
            await producer.close()
        }

        @Test(.timeLimit(.minutes(1))) func aClosedProducerRefusesAndEndsWhatIsOnItsWay() async throws {
            let mock = try await KafkaMock(["t": 1])
            let producer = try KafkaProducer(try KafkaSettings(mock.address("t")))
            try await mock.tell("down")
            async let sent = producer.send(KafkaProducerTests.records(3, topic: "t"))
            try await eventually("the messages handed over") { producer.queued == 3 }
            await producer.close()
            for result in await sent { #expect(throws: KafkaError.self) { try result.get() } }
            let error = await #expect(throws: KafkaError.self) {
                try await producer.send(KafkaProducerTests.records(1, topic: "t"))[0].get()
            }
            #expect(error?.kind == .closed)
            await producer.close()
        }
    }

    extension KafkaConsumer {
        /// Reads until there are so many, for at most 40 s.
        func read(_ count: Int) async throws -> [KafkaMessage] {
            var messages: [KafkaMessage] = []
            for _ in 0..<400 {
                let batch = try await poll(limit: count - messages.count, waitMilliseconds: 100)
                messages.append(contentsOf: batch.messages)
                if messages.count >= count { return messages }
            }
            throw TestTimeout("\(messages.count) of \(count) messages within 40 s")
        }
    }
#endif
