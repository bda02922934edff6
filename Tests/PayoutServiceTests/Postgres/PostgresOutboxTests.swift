#if PostgreSQL
    import InterestContract
    import Synchronization
    import Testing

    @testable import PayoutService

    /// Several tax workers on one outbox.
    @Suite struct PostgresOutboxTests {
        static let ids = (0..<5).map { "1000-0000-000\($0)" }
        static let days = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]

        private func open(_ body: @escaping @Sendable (Bank) async throws -> Void) async throws {
            let accounts = PostgresOutboxTests.ids.enumerated().map {
                Fixture.account(50_000_000, id: $0.element, customer: "C\($0.offset)")
            }
            try await Bank.Engine.postgres.open(accounts) { bank in
                for day in PostgresOutboxTests.days {
                    for id in PostgresOutboxTests.ids {
                        #expect(try await bank.pay(id, at: "\(day)T12:00:00+09:00").status == 201)
                    }
                }
                try await body(bank)
            }
        }

        /// Watches whether two bookings of one account overlap.
        final class WatchingLedger: TaxLedger {
            struct Seen: Sendable {
                var underWay: Set<String> = []
                var order: [String: [String]] = [:]
                var overlaps = 0
            }

            let inner: any TaxLedger
            let seen = Mutex(Seen())

            init(_ inner: any TaxLedger) { self.inner = inner }

            func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
                seen.withLock {
                    if !$0.underWay.insert(event.accountId).inserted { $0.overlaps += 1 }
                    $0.order[event.accountId, default: []].append(event.businessDate)
                }
                defer { seen.withLock { _ = $0.underWay.remove(event.accountId) } }
                return try await inner.book(event, at: unixMilliseconds)
            }
        }

        @Test(.timeLimit(.minutes(1))) func severalWorkersBookEachEventOnceAndInOrder() async throws {
            try await open { bank in
                let ledger = WatchingLedger(bank.service.books.ledger)
                var booked = 0
                for round in 0..<200 where booked < 20 {
                    let progress = try await withThrowingTaskGroup(of: TaxEventProcessor.Progress.self) { group in
                        for _ in 0..<4 {
                            group.addTask {
                                let processor = TaxEventProcessor(
                                    outbox: bank.service.books.outbox, ledger: ledger, batch: 2, now: { 1 })
                                return try await processor.drain()
                            }
                        }
                        return try await group.reduce(into: [TaxEventProcessor.Progress]()) { $0.append($1) }
                    }
                    booked += progress.reduce(0) { $0 + $1.booked }
                    #expect(progress.allSatisfy { $0.repeated + $0.postponed + $0.buried == 0 }, "round \(round)")
                }
                #expect(booked == 20)
                let seen = ledger.seen.withLock { $0 }
                #expect(seen.overlaps == 0)
                for id in PostgresOutboxTests.ids { #expect(seen.order[id] == PostgresOutboxTests.days) }
                try await bank.expectCleanBooks()
            }
        }

        @Test func whatIsTakenIsNobodyElsesUntilItsClaimRunsOut() async throws {
            try await open { bank in
                let outbox = bank.service.books.outbox
                let taken = try await outbox.due(at: 1_000, limit: 3)
                #expect(taken.count == 3)
                // The other accounts' first events, and none behind those that are taken.
                let others = try await outbox.due(at: 1_000, limit: 100)
                #expect(Set(others.map(\.accountId)).isDisjoint(with: taken.map(\.accountId)))
                #expect(others.count == 2)
                #expect(try await outbox.due(at: 999 + PostgresEventOutbox.claimMilliseconds, limit: 100) == [])
                let again = try await outbox.due(at: 1_000 + PostgresEventOutbox.claimMilliseconds, limit: 3)
                #expect(again == taken)
                // Slower than its claim: what another one booked is not buried by the first.
                try await outbox.acknowledge([taken[0].position])
                try await outbox.bury(taken[0], at: 5, reason: "too late")
                #expect(try await bank.integer("SELECT count(*) FROM tax_dead_letter") == 0)
            }
        }

        /// Two that book one event at once: the inbox lets one through.
        @Test(.timeLimit(.minutes(1))) func oneEventBookedTwiceAtOnceIsBookedOnce() async throws {
            try await open { bank in
                let events = try await bank.service.books.outbox.due(at: 1, limit: 5).map { try TaxEvent($0.payload) }
                let ledger = bank.service.books.ledger
                for event in events {
                    let booked = try await withThrowingTaskGroup(of: Bool.self) { group in
                        for _ in 0..<6 { group.addTask { try await ledger.book(event, at: 1) } }
                        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                    }
                    #expect(booked == 1)
                }
                try await bank.expectCleanBooks()
            }
        }
    }
#endif
