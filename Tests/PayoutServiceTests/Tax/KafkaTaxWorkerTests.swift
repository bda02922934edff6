#if Kafka
    import GRDB
    import InterestContract
    import KafkaClient
    import Synchronization
    import TestKit
    import Testing

    @testable import PayoutService

    #if PostgreSQL
        import PostgreSQLClient
    #endif

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
                // The lag is the whole topic while nothing can be booked, and nothing afterwards.
                let isAway = Mutex(true)
                let worker = Self.worker(bank, settings) { _ in if isAway.withLock({ $0 }) { throw BooksFailure.away } }
                let lag: @Sendable () -> [String] = { worker.metrics.filter { $0.name == "bank_tax_topic_lag" }.map(\.value) }
                try await Self.running([worker]) {
                    try await eventually("all of it lagging", within: 40) { lag().compactMap { Int($0) }.reduce(0, +) == 9 }
                    isAway.withLock { $0 = false }
                    try await Self.allBooked(bank)
                    try await eventually("no lag", within: 20) { lag() == ["0", "0", "0", "0"] }
                }
                #expect(worker.figures.current.booked == 9)
                // Sent a second time, as after a crash between topic and outbox.
                try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET state = 'PENDING', due_at = 0") }
                try await Self.carry(bank, settings)
                #expect(try await KafkaRelayTests.state(bank) == [9, 0, 9])
                let second = Self.worker(bank, settings)
                try await Self.running([second]) { try await Self.allBooked(bank) }
                #expect(second.figures.current.repeated == 9 && second.figures.current.booked == 0)
                #expect(second.metrics.filter { $0.name == "bank_tax_topic_lag" }.allSatisfy { $0.value != "" })
            }
        }

        @Test(.timeLimit(.minutes(2))) func whatIsNoEventIsADeadLetterWithItsReasonAndCanBeReplayed() async throws {
            let mock = try await KafkaMock(["tax": 1, "tax.dead-letters": 1])
            let settings = try KafkaSettings(mock.address("tax", "message.timeout.ms=5000"))
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
                let second = Self.worker(bank, settings)
                try await Self.running([second]) {
                    do {
                        try await eventually("a dead letter again", within: 50) {
                            try await KafkaRelayTests.state(bank) == [0, 1, 0]
                        }
                    } catch { throw TestTimeout("\(error): \(second.figures.current)") }
                }
                #expect(try await DeadLetterReplay.run(settings, group: "g", books: bank.service.books) == 1)
                #expect(try await DeadLetterReplay.run(settings, group: "g", books: bank.service.books) == 0)
            }
        }

        static let whose: [(error: any Error, isOfTheEvent: Bool)] = [
            (BooksFailure.away, false), (BooksFailure.busy, false), (CancellationError(), false),
            (DatabaseError(resultCode: .SQLITE_FULL), false), (DatabaseError(resultCode: .SQLITE_READONLY), false),
            (DatabaseError(resultCode: .SQLITE_CONSTRAINT), true), (BooksDefect("a total is missing"), true),
        ]

        @Test(arguments: whose) func aFailureIsTheEventsOwnOnlyIfTheBooksRefuseWhatIsInIt(
            _ failure: (error: any Error, isOfTheEvent: Bool)
        ) { #expect(BooksFailure.isOfTheEvent(failure.error) == failure.isOfTheEvent) }

        #if PostgreSQL
            @Test(arguments: [
                ("53100", false), ("25006", false), ("58030", false), ("42P01", false), ("22003", true), ("23514", true),
            ]) func thatGoesForPostgreSQLsErrorsToo(_ state: String, _ isOfTheEvent: Bool) {
                #expect(BooksFailure.isOfTheEvent(PostgresError(.server, "", sqlState: state)) == isOfTheEvent)
            }
        #endif

        @Test(.timeLimit(.minutes(2))) func aLetterIsSentOnceHoweverOftenTheBooksDoNotTakeNoteOfIt() async throws {
            let mock = try await KafkaMock(["tax": 1, "tax.dead-letters": 1])
            let settings = try KafkaSettings(mock.address("tax", "message.timeout.ms=5000"))
            try await Bank.open(KafkaRelayTests.accounts) { bank in
                #expect(try await bank.pay(KafkaRelayTests.ids[0]).status == 201)
                try await bank.service.books.change { try $0.execute("UPDATE tax_outbox SET payload = 'no event'") }
                try await Self.carry(bank, settings)
                try await bank.service.books.change { try $0.execute("ALTER TABLE tax_dead_letter RENAME TO elsewhere") }
                let worker = Self.worker(bank, settings)
                try await Self.running([worker]) {
                    try await eventually("some tries in vain", within: 40) { worker.figures.current.buriedInVain >= 3 }
                    try await bank.service.books.change { try $0.execute("ALTER TABLE elsewhere RENAME TO tax_dead_letter") }
                    try await eventually("the books took note", within: 30) {
                        try await KafkaRelayTests.state(bank) == [0, 1, 0]
                    }
                }
                let reader = try KafkaConsumer(settings, topic: settings.deadLetterTopic, group: "look")
                var letters = 0
                var looks = 0
                while letters == 0 || looks < 3 {
                    letters += try await reader.poll(limit: 10, waitMilliseconds: 200).messages.count
                    if letters > 0 { looks += 1 }
                }
                #expect(letters == 1)
                await reader.close()
            }
        }

        @Test(.timeLimit(.minutes(1)), arguments: Bank.stores)
        func theRelayNeverRaisesTheDead(_ store: Bank.Engine) async throws {
            try await store.open(KafkaRelayTests.accounts) { bank in
                #expect(try await bank.pay(KafkaRelayTests.ids[0]).status == 201)
                let outbox = bank.service.books.outbox
                let event = try #require(try await outbox.due(at: 1, limit: 1).first)
                try await bank.service.books.change { books in
                    try PublishedEvents.note(event.eventId, account: event.accountId, in: books)
                    try PublishedEvents.bury(event.eventId, at: 1, attempts: 1, reason: "no branch", in: books)
                }
                // Kafka's acknowledgement comes later than the worker's verdict.
                try await outbox.handOver([event.position])
                #expect(try await KafkaRelayTests.state(bank) == [0, 1, 0])
                // What one worker has booked, another one does not bury.
                #expect(try await DeadLetterReplay.inOutbox(bank.service.books) == 1)
                #expect(try await bank.bookTaxes() == .init(booked: 1))
                try await bank.service.books.change {
                    try PublishedEvents.bury(event.eventId, at: 1, attempts: 1, reason: "late", in: $0)
                }
                #expect(try await KafkaRelayTests.state(bank) == [0, 0, 0])
                try await bank.expectCleanBooks()
            }
        }

        @Test(arguments: Bank.stores) func aBankThatGoesBackToItsOutboxIsDoneWhenAllIsBooked(_ store: Bank.Engine) async throws {
            try await store.open(KafkaRelayTests.accounts) { bank in
                try await KafkaRelayTests.pay(bank)
                // Noted for a topic that was never reached.
                try await bank.service.books.change {
                    try $0.execute("INSERT INTO tax_published SELECT event_id, account_id FROM tax_outbox")
                }
                #expect(try await bank.bookTaxes().booked == 9)
                #expect(try await KafkaRelayTests.state(bank) == [0, 0, 0])
            }
        }

        @Test(.timeLimit(.minutes(2))) func failuresOfTheEventsOwnAreGivenUpAndOthersAreNot() async throws {
            let mock = try await KafkaMock(["tax": 1, "tax.dead-letters": 1])
            let settings = try KafkaSettings(mock.address("tax", "message.timeout.ms=5000"))
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
