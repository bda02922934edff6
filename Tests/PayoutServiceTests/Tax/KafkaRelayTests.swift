#if Kafka
    import InterestContract
    import KafkaClient
    import TestKit
    import Testing

    @testable import PayoutService

    /// From the outbox to the topic.
    @Suite struct KafkaRelayTests {
        static let ids = (1...3).map { "1000-0000-000\($0)" }
        static let days = ["2026-03-02", "2026-03-03", "2026-03-04"]

        static var accounts: [FixtureAccount] {
            ids.enumerated().map { Fixture.account(50_000_000, id: $0.element, customer: "C\($0.offset)") }
        }

        static func pay(_ bank: Bank) async throws {
            for day in days { for id in ids { #expect(try await bank.pay(id, at: "\(day)T12:00:00+09:00").status == 201) } }
        }

        static func relay(_ bank: Bank, _ settings: KafkaSettings, at now: Int64 = 1) throws -> KafkaTaxRelay {
            KafkaTaxRelay(
                books: bank.service.books, outbox: bank.service.books.outbox, producer: try TaxTopicProducer(settings),
                logger: Bank.silent, wakes: TaxWorkerWakes(), now: { now })
        }

        static func state(_ bank: Bank) async throws -> [Int64?] {
            let totals = try await bank.get("/v1/books/totals")
            let published = try await bank.integer("SELECT count(*) FROM tax_published")
            return [totals["pendingTaxEvents"], totals["deadTaxEvents"], published]
        }

        @Test(.timeLimit(.minutes(1)), arguments: Bank.stores)
        func eventsArriveOnceInEachAccountsOrder(_ store: Bank.Engine) async throws {
            let mock = try await KafkaMock(["tax": 4])
            let settings = try KafkaSettings(mock.address("tax"))
            try await store.open(KafkaRelayTests.accounts) { bank in
                try await KafkaRelayTests.pay(bank)
                let relay = try KafkaRelayTests.relay(bank, settings)
                while try await relay.carry() {}
                // Published and not booked is still pending, and the outbox has let go.
                #expect(try await KafkaRelayTests.state(bank) == [9, 0, 9])
                #expect(try await bank.integer("SELECT count(*) FROM tax_outbox WHERE state = 'DONE'") == 9)
                let consumer = try KafkaConsumer(settings, group: "test")
                // The time limit bounds it; looks beyond the ninth show that there is no tenth.
                var read: [KafkaMessage] = []
                var looksBeyond = 0
                while looksBeyond < 3 {
                    let batch = try await consumer.poll(limit: 20, waitMilliseconds: 200)
                    read.append(contentsOf: batch.messages)
                    if read.count >= 9 { looksBeyond += 1 }
                }
                #expect(read.count == 9)
                var order: [String: [String]] = [:]
                for message in read {
                    let event = try TaxEvent(String(decoding: message.payload, as: UTF8.self))
                    #expect(String(decoding: message.key, as: UTF8.self) == event.accountId)
                    #expect(message.header("event-id") == event.eventId && message.header("schema") == "1")
                    order[event.accountId, default: []].append(event.businessDate)
                }
                #expect(order == Dictionary(uniqueKeysWithValues: KafkaRelayTests.ids.map { ($0, KafkaRelayTests.days) }))
                #expect(relay.metrics.map(\.value) == ["9", "0", "1"])
                await consumer.close()
                await relay.producer.close()
            }
        }

        @Test(.timeLimit(.minutes(1))) func aTopicThatIsAwayCostsNoEvent() async throws {
            let mock = try await KafkaMock(["tax": 1])
            let settings = try KafkaSettings(mock.address("tax", "message.timeout.ms=500&reconnect.backoff.max.ms=100"))
            try await Bank.open(KafkaRelayTests.accounts) { bank in
                #expect(try await bank.pay(KafkaRelayTests.ids[0]).status == 201)
                try await mock.tell("down")
                var relay = try KafkaRelayTests.relay(bank, settings)
                // However often: an event is never given up for the topic's sake.
                try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET attempts = 50") }
                relay.now = { 12 * 3_600_000 }
                #expect(try await relay.carry())
                #expect(try await !relay.carry(), "not due yet")
                #expect(try await KafkaRelayTests.state(bank) == [1, 0, 1])
                #expect(relay.metrics.map(\.value) == ["0", "1", "0"])
                try await mock.tell("up")
                relay.now = { 13 * 3_600_000 }
                let sender = relay
                try await eventually("the event sent", within: 30) {
                    _ = try await sender.carry()
                    try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET due_at = 0") }
                    return try await bank.integer("SELECT count(*) FROM tax_outbox WHERE state = 'DONE'") == 1
                }
                await relay.producer.close()
            }
        }

        @Test(.timeLimit(.minutes(1))) func whatNoTopicTakesIsADeadLetterAtOnce() async throws {
            let mock = try await KafkaMock(["tax": 1])
            let settings = try KafkaSettings(mock.address("tax", "message.max.bytes=1000"))
            try await Bank.open(KafkaRelayTests.accounts) { bank in
                #expect(try await bank.pay(KafkaRelayTests.ids[0]).status == 201)
                #expect(try await bank.pay(KafkaRelayTests.ids[1]).status == 201)
                try await bank.service.books.change {
                    try $0.execute(
                        "UPDATE tax_outbox SET payload = ? WHERE account_id = ?",
                        [.init(String(repeating: "x", count: 2_000)), .init(KafkaRelayTests.ids[0])])
                }
                let relay = try KafkaRelayTests.relay(bank, settings)
                while try await relay.carry() {}
                #expect(try await KafkaRelayTests.state(bank) == [1, 1, 1])
                #expect(try await bank.text("SELECT reason FROM tax_dead_letter")?.contains("too large") == true)
                await relay.producer.close()
            }
        }
    }
#endif
