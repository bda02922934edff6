#if Kafka
    import TestKit
    import Testing

    @testable import KafkaClient

    /// Members of a group against librdkafka's mock cluster.
    @Suite struct KafkaGroupTests {
        private func fill(_ settings: KafkaSettings, keys: Int, each: Int) async throws {
            let producer = try KafkaProducer(settings)
            for key in 0..<keys {
                for result in await producer.send(
                    KafkaProducerTests.records(each, topic: settings.topic, key: "key \(key)"))
                {
                    try result.get()
                }
            }
            await producer.close()
        }

        @Test(.timeLimit(.minutes(1))) func whatIsNotCommittedIsReadAgainByTheNext() async throws {
            let mock = try await KafkaMock(["t": 1])
            let settings = try KafkaSettings(mock.address("t"))
            try await fill(settings, keys: 1, each: 10)
            let first = try KafkaConsumer(settings, group: "g")
            let messages = try await first.read(10)
            try await first.commit([messages[0].partition: messages[3].offset + 1])
            #expect(try await first.standings() == [messages[0].partition: .init(next: 4, end: 10)])
            await first.close()
            let second = try KafkaConsumer(settings, group: "g")
            #expect(try await second.read(6).map(\.offset) == [4, 5, 6, 7, 8, 9])
            await second.close()
        }

        @Test(.timeLimit(.minutes(1))) func aPausedPartitionComesBackFromWhereItWasPaused() async throws {
            let mock = try await KafkaMock(["t": 1])
            let settings = try KafkaSettings(mock.address("t"))
            try await fill(settings, keys: 1, each: 10)
            let consumer = try KafkaConsumer(settings, group: "g")
            let messages = try await consumer.read(8)
            let partition = messages[0].partition
            try await consumer.pause(partition, at: 3)
            for _ in 0..<5 { #expect(try await consumer.poll(limit: 10, waitMilliseconds: 50).messages.isEmpty) }
            try await consumer.resume([partition])
            #expect(try await consumer.read(7).map(\.offset) == [3, 4, 5, 6, 7, 8, 9])
            await consumer.close()
        }

        @Test(.timeLimit(.minutes(2))) func aSecondMemberGetsItsPartAndGivesItBackWhenItLeaves() async throws {
            let mock = try await KafkaMock(["t": 4])
            let settings = try KafkaSettings(mock.address("t"))
            let first = try KafkaConsumer(settings, group: "g")
            try await first.holds(4)
            let second = try KafkaConsumer(settings, group: "g")
            try await eventually("two partitions each", within: 40) {
                _ = try await first.poll(limit: 1, waitMilliseconds: 50)
                _ = try await second.poll(limit: 1, waitMilliseconds: 50)
                let counts = [try await first.standings().count, try await second.standings().count]
                return counts == [2, 2]
            }
            let lost = try #require(try await second.standings().keys.first)
            await second.close()
            try await first.holds(4)
            // What has gone to another member can't be committed by the one before.
            let error = try await #require(throws: KafkaError.self) { try await second.commit([lost: 1]) }
            #expect(error.kind == .closed)
            await first.close()
        }

        @Test(.timeLimit(.minutes(1))) func aTopicThatCannotBeReachedIsTroubleAndNoEnd() async throws {
            let mock = try await KafkaMock(["t": 1])
            let settings = try KafkaSettings(mock.address("t", "reconnect.backoff.max.ms=100"))
            try await fill(settings, keys: 1, each: 2)
            let consumer = try KafkaConsumer(settings, group: "g")
            #expect(try await consumer.read(1).count == 1)
            try await mock.tell("down")
            try await #require(throws: KafkaError.self) { try await consumer.standings(waitMilliseconds: 200) }
            try await mock.tell("up")
            try await eventually("the topic's end known again", within: 30) {
                _ = try await consumer.poll(limit: 1, waitMilliseconds: 50)
                return (try? await consumer.standings(waitMilliseconds: 500))?.values.first?.end == 2
            }
            await consumer.close()
        }
    }

    extension KafkaConsumer {
        /// Reads until so many partitions are this member's.
        func holds(_ count: Int) async throws {
            try await eventually("\(count) partitions", within: 40) {
                _ = try await self.poll(limit: 1, waitMilliseconds: 50)
                return try await self.standings().count == count
            }
        }
    }
#endif
