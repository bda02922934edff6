import Dispatch
import GRDB
import Synchronization
import TestKit
import Testing
import Verdicts

@Suite("Missed writes")
struct CatchUpStoreTests {
    private func store(_ folder: TemporaryDirectory, _ limits: CatchUpLimits = CatchUpLimits()) throws -> (
        SQLCatchUpStore, StateDatabase
    ) {
        let database = try StateDatabase(directory: folder.path)
        return (try SQLCatchUpStore(database: database, limits: limits), database)
    }

    @Test("writes come out in the order in which they went in, by key and side, after a restart too")
    func order() async throws {
        let folder = try TemporaryDirectory()
        var ids: [Int64] = []
        do {
            let (store, database) = try store(folder)
            for (index, keys) in [["A"], ["A", "B"], ["B"], ["A"]].enumerated() {
                ids.append(try await answer { store.append(Samples.write(keys, body: "\(index)"), completion: $0) })
            }
            _ = try await answer { store.append(Samples.write(["A"], side: .legacy), completion: $0) }
            #expect(ids == ids.sorted())
            store.close()
            database.close()
        }
        let (store, database) = try store(folder)
        let state = try await answer { store.load(completion: $0) }
        #expect(state.behind["B"]?.writes == 2)
        var seen: [String] = []
        while let write = try await answer({ store.next(key: "A", side: .candidate, completion: $0) }) {
            seen.append(String(decoding: write.request.body, as: UTF8.self))
            #expect(write.request.headers == [["Idempotency-Key", "k-1"]])
            #expect(write.request.instant == "2026-03-02T00:00:00Z")
            #expect(write.primary.side == .legacy)
            #expect(write.primary.status == 201)
            #expect(ids.contains(write.id))
            try await answer { store.remove(id: write.id, completion: $0) }
        }
        #expect(seen == ["0", "1", "3"])
        #expect(try await answer { store.next(key: "B", side: .candidate, completion: $0) }?.request.body == Array("2".utf8))
        #expect(try await answer { store.next(key: "A", side: .legacy, completion: $0) } != nil)
        store.close()
        database.close()
    }

    @Test("completions run in the order of the calls, and each answer knows the calls before it")
    func completionOrder() async throws {
        let folder = try TemporaryDirectory()
        let (store, database) = try store(folder)
        let order = Mutex<[Int]>([])
        for index in 0..<200 {
            switch index % 4 {
            case 0: store.append(Samples.write(["K"], body: "\(index)")) { _ in order.withLock { $0.append(index) } }
            case 1:
                store.next(key: "K", side: .candidate) { result in
                    let body = try? result.get()?.request.body
                    #expect(body == Array("\(index - 1)".utf8))
                    order.withLock { $0.append(index) }
                }
            case 2: store.load { _ in order.withLock { $0.append(index) } }
            default:
                // Ids begin with 1 and rise by one.
                store.remove(id: Int64(index / 4 + 1)) { _ in order.withLock { $0.append(index) } }
            }
        }
        let state = try await answer { store.load(completion: $0) }
        #expect(order.withLock { $0 } == Array(0..<200))
        #expect(state.behind.isEmpty)
        store.close()
        database.close()
    }

    @Test("attempts are counted with the write")
    func attempts() async throws {
        let folder = try TemporaryDirectory()
        let (store, database) = try store(folder)
        let id = try await answer { store.append(Samples.write(["A"]), completion: $0) }
        store.recordAttempt(id: id, cause: "refused")
        store.recordAttempt(id: id, cause: "reset")
        let write = try #require(try await answer { store.next(key: "A", side: .candidate, completion: $0) })
        #expect(write.attempts == 2)
        #expect(write.cause == "reset")
        store.close()
        database.close()
    }

    @Test(
        "the bounds on writes and bytes: the last that fits is taken, the next refused, and removal makes room; a restart remembers"
    )
    func bounds() async throws {
        let folder = try TemporaryDirectory()
        var limits = CatchUpLimits()
        limits.writesMax = 2
        limits.bytesMax = 10_000
        do {
            let (store, database) = try store(folder, limits)
            _ = try await answer { store.append(Samples.write(["A"]), completion: $0) }
            await #expect(throws: StateError.self) {
                try await answer {
                    store.append(Samples.write(["A"], body: String(repeating: "x", count: 10_000)), completion: $0)
                }
            }
            _ = try await answer { store.append(Samples.write(["B"]), completion: $0) }
            store.close()
            database.close()
        }
        let (store, database) = try store(folder, limits)
        await #expect(throws: StateError.self) { try await answer { store.append(Samples.write(["C"]), completion: $0) } }
        let first = try #require(try await answer { store.next(key: "A", side: .candidate, completion: $0) })
        try await answer { store.remove(id: first.id, completion: $0) }
        try await answer { store.remove(id: first.id, completion: $0) }
        _ = try await answer { store.append(Samples.write(["C"]), completion: $0) }
        await #expect(throws: StateError.self) { try await answer { store.append(Samples.write(["D"]), completion: $0) } }
        store.close()
        database.close()
        await #expect(throws: StateError.self) { try await answer { store.append(Samples.write(["E"]), completion: $0) } }
    }

    @Test("what waits for the disk is bounded too, and a refusal names it")
    func waitingBound() async throws {
        let folder = try TemporaryDirectory()
        var limits = CatchUpLimits()
        limits.waitingBytesMax = 1_000
        let (store, database) = try store(folder, limits)
        let disk = DispatchSemaphore(value: 0)
        let slow: @Sendable () -> MissedWrite = {
            disk.wait()
            return Samples.write(["A"])
        }
        // One alone may be larger than the bound; what comes beside it may not.
        let isLargeKept = Mutex(false)
        store.append(bytes: 2_000, slow) { result in isLargeKept.withLock { $0 = (try? result.get()) != nil } }
        let error = await #expect(throws: StateError.self) {
            try await answer { store.append(bytes: 1, { Samples.write(["B"]) }, completion: $0) }
        }
        #expect(error?.sentence == "The disk is too slow: 1 missed writes wait for it (2000 bytes).")
        disk.signal()
        try await eventually("the large one is kept") { isLargeKept.withLock { $0 } }
        _ = try await answer { store.append(bytes: 1_000, { Samples.write(["A"]) }, completion: $0) }
        store.close()
        database.close()
    }

    @Test("a call that the database refuses for what it is takes none of its transaction with it")
    func oneBadCall() async throws {
        let folder = try TemporaryDirectory()
        let (store, database) = try store(folder)
        try database.storing { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON catch_up WHEN NEW.cause = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """)
        }
        let results = Mutex<[Bool]>([])
        for index in 0..<30 {
            var write = Samples.write(["A"])
            if index % 10 == 5 { write.cause = "bad" }
            store.append(write) { result in results.withLock { $0.append((try? result.get()) != nil) } }
        }
        store.close()
        #expect(results.withLock { $0 } == (0..<30).map { $0 % 10 != 5 })
        #expect(try CatchUpListing(database).behind()["A"]?.writes == 27)
        database.close()
    }

    @Test("standings outlive a restart, trusted ones are forgotten, and resync says what it took away")
    func standings() async throws {
        let folder = try TemporaryDirectory()
        do {
            let (store, database) = try store(folder)
            store.setStanding(.unverified, key: "A", cause: "unclean stop", side: .candidate)
            store.setStanding(.diverged, key: "B", cause: "20 tries", side: .legacy)
            store.setStanding(.diverged, key: "C", cause: "20 tries", side: .legacy)
            store.setStanding(.trusted, key: "C", cause: "", side: .legacy)
            store.setStanding(.diverged, key: "A", cause: "later", side: .candidate)
            store.close()
            database.close()
        }
        let (store, database) = try store(folder)
        let state = try await answer { store.load(completion: $0) }
        #expect(state.standings.keys.sorted() == ["A", "B"])
        #expect(state.standings["A"]?.standing == .diverged)
        #expect(state.standings["A"]?.cause == "later")
        #expect(state.standings["A"]?.side == .candidate)
        _ = try await answer { store.append(Samples.write(["B", "D"]), completion: $0) }
        let standings = KeyStandings(database)
        let removed = try #require(try standings.resync("B"))
        #expect(removed.standing?.standing == .diverged)
        #expect(removed.droppedWrites == 1)
        #expect(try standings.resync("B") == nil)
        #expect(try standings.list().map(\.key) == ["A", "D"])
        #expect(try standings.list().last?.standing == .unverified)
        store.close()
        database.close()
    }
}
