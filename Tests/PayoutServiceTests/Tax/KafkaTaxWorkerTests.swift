#if Kafka
    import InterestContract
    import KafkaClient
    import Synchronization
    import TestKit
    import Testing

    @testable import PayoutService

    /// From the topic to the books, by workers of one group.
    @Suite struct KafkaTaxWorkerTests {
        /// A ledger in front of the real one that fails as told.
        final class FailingLedger: TaxLedger {
            let inner: any TaxLedger
            let fail: @Sendable (TaxEvent) throws -> Void

            init(_ inner: any TaxLedger, fail: @escaping @Sendable (TaxEvent) throws -> Void) {
                self.inner = inner
                self.fail = fail
            }

            func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
                try fail(event)
                return try await inner.book(event, at: unixMilliseconds)
            }
        }

        private static func worker(
            _ bank: Bank, _ settings: KafkaSettings, fail: (@Sendable (TaxEvent) throws -> Void)? = nil
        ) -> KafkaTaxWorker {
            var worker = KafkaTaxWorker(settings: settings, group: "g", books: bank.service.books, logger: Bank.silent)
            worker.retry = RetryPolicy(attempts: 3, firstDelayMilliseconds: 10, longestDelayMilliseconds: 40)
            if let fail { worker.ledger = FailingLedger(worker.ledger, fail: fail) }
            return worker
        }

        /// Runs workers until the body is done.
        private static func running(_ workers: [KafkaTaxWorker], _ body: @Sendable () async throws -> Void) async throws {
            let tasks = workers.map { worker in Task { try await worker.run() } }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            for task in tasks { task.cancel() }
            for task in tasks { _ = await task.result }
            try result.get()
        }

        private static func carry(_ bank: Bank, _ settings: KafkaSettings) async throws {
            let relay = try KafkaRelayTests.relay(bank, settings)
            while try await relay.carry() {}
            await relay.producer.close()
        }

        private static func allBooked(_ bank: Bank) async throws {
            try await eventually("no tax event pending", within: 50) { try await KafkaRelayTests.state(bank) == [0, 0, 0] }
            #expect(try await bank.integer("SELECT count(*) FROM tax_inbox") == 9)
            try await bank.expectCleanBooks()
        }

        @Test(.timeLimit(.minutes(2)), arguments: Bank.stores)
        func whatTheRelayCarriesIsBookedOnce(_ store: Bank.Engine) async throws {
            let mock = try await KafkaMock(["tax": 4])
            let settings = try KafkaSettings(mock.address("tax"))
            try await store.open(KafkaRelayTests.accounts) { bank in
                try await KafkaRelayTests.pay(bank)
                try await Self.carry(bank, settings)
                let worker = Self.worker(bank, settings)
                try await Self.running([worker]) { try await Self.allBooked(bank) }
                #expect(worker.figures.current.booked == 9)
                // Sent a second time, as after a crash between topic and outbox.
                try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET state = 'PENDING', due_at = 0") }
                try await Self.carry(bank, settings)
                #expect(try await KafkaRelayTests.state(bank) == [9, 0, 9])
                let second = Self.worker(bank, settings)
                try await Self.running([second]) { try await Self.allBooked(bank) }
                #expect(second.figures.current.repeated == 9 && second.figures.current.booked == 0)
                let lag = second.metrics.filter { $0.name == "bank_tax_topic_lag" }
                #expect(lag.allSatisfy { $0.labels.hasPrefix("partition=") })
            }
        }

        @Test(.timeLimit(.minutes(2))) func whatIsNoEventIsADeadLetterWithItsReasonAndCanBeReplayed() async throws {
            let mock = try await KafkaMock(["tax": 1, "tax.dead-letters": 1])
            let settings = try KafkaSettings(mock.address("tax"))
            try await Bank.open(KafkaRelayTests.accounts) { bank in
                try await KafkaRelayTests.pay(bank)
                // One of a version that is yet to come, among good ones.
                let id = KafkaRelayTests.ids[1]
                let payload = try #require(
                    try await bank.text("SELECT payload FROM tax_outbox WHERE account_id = '\(id)' ORDER BY position LIMIT 1"))
                let newer = payload.replacing(#""schema":1"#, with: #""schema":2"#)
                try await bank.service.books.change {
                    try $0.execute("UPDATE tax_outbox SET payload = ? WHERE payload = ?", [.init(newer), .init(payload)])
                }
                try await Self.carry(bank, settings)
                let worker = Self.worker(bank, settings)
                try await Self.running([worker]) {
                    try await eventually("one dead letter, the rest booked", within: 50) {
                        try await KafkaRelayTests.state(bank) == [0, 1, 0]
                    }
                }
                #expect(worker.figures.current.booked == 8 && worker.figures.current.buried == 1)
                #expect(try await bank.text("SELECT reason FROM tax_dead_letter")?.contains("schema 2 is unknown") == true)
                let reader = try KafkaConsumer(settings, topic: settings.deadLetterTopic, group: "look")
                var letters: [KafkaMessage] = []
                while letters.isEmpty {
                    let batch = try await reader.poll(limit: 5, waitMilliseconds: 200)
                    letters.append(contentsOf: batch.messages)
                }
                await reader.close()
                let letter = try #require(letters.first)
                #expect(letter.payload == Array(newer.utf8) && letter.key == Array(id.utf8))
                #expect(letter.header("dead-letter-reason")?.contains("schema 2 is unknown") == true)
                #expect(letter.header("dead-letter-topic") == "tax" && letter.header("dead-letter-attempts") == "1")

                // Replayed to a worker that reads it no better, it comes back; its history is told apart.
                #expect(try await DeadLetterReplay.run(settings, group: "g", books: bank.service.books) == 1)
                #expect(try await KafkaRelayTests.state(bank) == [1, 0, 1])
                try await Self.running([Self.worker(bank, settings)]) {
                    try await eventually("a dead letter again", within: 50) {
                        try await KafkaRelayTests.state(bank) == [0, 1, 0]
                    }
                }
                #expect(try await DeadLetterReplay.run(settings, group: "g", books: bank.service.books) == 1)
                #expect(try await DeadLetterReplay.run(settings, group: "g", books: bank.service.books) == 0)
            }
        }

        @Test(.timeLimit(.minutes(2))) func failuresOfTheEventsOwnAreGivenUpAndOthersAreNot() async throws {
            let mock = try await KafkaMock(["tax": 1, "tax.dead-letters": 1])
            let settings = try KafkaSettings(mock.address("tax"))
            try await Bank.open(KafkaRelayTests.accounts) { bank in
                try await KafkaRelayTests.pay(bank)
                try await Self.carry(bank, settings)
                let away = Mutex(20)
                let own = Mutex(0)
                let bad = KafkaRelayTests.ids[2]
                let worker = Self.worker(bank, settings) { event in
                    if event.accountId == bad, event.businessDate == "2026-03-03" {
                        own.withLock { $0 += 1 }
                        throw Failure(text: "no such branch")
                    }
                    // More often than any event may fail.
                    let isAway = away.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                    if isAway { throw BooksFailure.away }
                }
                try await Self.running([worker]) {
                    try await eventually("all but one booked", within: 50) {
                        try await KafkaRelayTests.state(bank) == [0, 1, 0]
                    }
                }
                #expect(own.withLock { $0 } == 3)
                #expect(try await bank.integer("SELECT count(*) FROM tax_inbox") == 8)
                #expect(try await bank.text("SELECT attempts || ' ' || reason FROM tax_dead_letter")?.hasPrefix("3 ") == true)
                try await bank.expectCleanBooks()
            }
        }

        @Test(.timeLimit(.minutes(3)), arguments: Bank.stores)
        func workersThatComeAndGoBookEachEventOnce(_ store: Bank.Engine) async throws {
            let mock = try await KafkaMock(["tax": 4])
            let settings = try KafkaSettings(mock.address("tax"))
            try await store.open(KafkaRelayTests.accounts) { bank in
                let order = Mutex<[String: [String]]>([:])
                let watch: @Sendable (TaxEvent) throws -> Void = { event in
                    order.withLock { $0[event.accountId, default: []].append(event.businessDate) }
                }
                let first = Self.worker(bank, settings, fail: watch)
                let second = Self.worker(bank, settings, fail: watch)
                try await Self.running([first]) {
                    try await eventually("the first one reading all", within: 40) {
                        first.figures.current.standings.count == 4
                    }
                    try await KafkaRelayTests.pay(bank)
                    try await Self.running([second]) {
                        try await Self.carry(bank, settings)
                        try await eventually("two each", within: 40) {
                            first.figures.current.standings.count == 2 && second.figures.current.standings.count == 2
                        }
                        try await Self.allBooked(bank)
                    }
                    // The second one has left.
                    try await eventually("the first one reading all again", within: 40) {
                        first.figures.current.standings.count == 4
                    }
                }
                for days in order.withLock({ $0.values }) {
                    // Read twice at most while a partition changed hands, and never out of order.
                    var firsts: [String] = []
                    for day in days where !firsts.contains(day) { firsts.append(day) }
                    #expect(firsts == KafkaRelayTests.days)
                }
            }
        }
    }
#endif
