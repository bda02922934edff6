import Foundation
import GRDB
import Synchronization
import TestKit
import Testing
import Verdicts

/// Records what it is told; fails for as long and in whatever way the test wants.
private final class RecordingObserver: EvidenceObserver {
    struct Poison: Error {}

    struct State {
        var seen: [String] = []
        var commits = 0
        var diskIsFull = false
        var poisoned: Set<String> = []
    }

    let state = Mutex(State())

    func observe(_ batch: [Evidence], in db: Database) throws {
        try db.execute(sql: "CREATE TABLE IF NOT EXISTS witness(id TEXT)")
        for evidence in batch { try db.execute(sql: "INSERT INTO witness VALUES (?)", arguments: [evidence.id]) }
        try state.withLock { state in
            if state.diskIsFull { throw DatabaseError(resultCode: .SQLITE_FULL, message: "database or disk is full") }
            if batch.contains(where: { state.poisoned.contains($0.id) }) { throw Poison() }
            state.seen += batch.map(\.id)
        }
    }

    func committed() { state.withLock { $0.commits += 1 } }
}

@Suite("Evidence on its way to disk")
struct EvidenceWriterTests {
    @Test("mismatches are counted by written key, each since it was noted; noise and other verdicts are none")
    func mismatchesByKey() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let writer = EvidenceWriter(database: database, clock: WallClock { 5_000 })
        writer.offer(Samples.evidence("e1", at: 1_000))
        writer.offer(Samples.evidence("e2", at: 2_000))
        writer.offer(Samples.evidence("e3", at: 3_000))
        writer.offer(Samples.evidence("e4", verdict: .shadowTimeout, at: 3_000, shadow: false))
        var noise = Samples.evidence("e5", at: 3_000)
        noise.persistence = .noise
        writer.offer(noise)
        #expect(await writer.flush())
        let reader = EvidenceReader(database)
        #expect(try reader.mismatchesOfWrittenKeys() == [:])
        for (key, notedAt) in [("A", 1_000), ("B", 2_001), ("C", 0)] {
            try database.storing { db in
                try db.execute(
                    sql: "INSERT INTO written_key (key, noted_at, published) VALUES (?, ?, 1)", arguments: [key, notedAt])
            }
        }
        #expect(try reader.mismatchesOfWrittenKeys() == ["A": 3, "B": 1])
    }

    @Test("what is stored comes back as it was, and is found by each filter")
    func roundTrip() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let writer = EvidenceWriter(database: database, clock: WallClock { 5_000 })
        writer.offer(Samples.evidence("e1"))
        writer.offer(Samples.evidence("e2", operation: "preview", path: "$.gross", at: 2_000, cascadeOf: "e1"))
        writer.offer(Samples.evidence("e3", verdict: .shadowTimeout, at: 3_000, shadow: false))
        #expect(await writer.flush())
        let reader = EvidenceReader(try StateDatabase(directory: folder.path, access: .reader))
        let expected = Samples.evidence("e1")
        let stored = try #require(try reader.fetch(id: "e1"))
        #expect(stored.request.body == expected.request.body)
        #expect(stored.request.headers == expected.request.headers)
        #expect(stored.request.target == expected.request.target)
        #expect(stored.primary?.body == expected.primary?.body)
        #expect(stored.shadow?.latencyMicroseconds == 1_234)
        #expect(stored.differences == expected.differences)
        #expect(stored.keys == ["A", "B"])
        #expect(stored.verdict == .mismatch)
        #expect(stored.persistence == .persistent)
        #expect(stored.cause == "because")
        #expect(stored.fingerprint == expected.fingerprint)
        #expect(try reader.fetch(id: "e3")?.shadow == nil)
        #expect(try reader.fetch(id: "none") == nil)
        #expect(try reader.list().map(\.id) == ["e3", "e2", "e1"])
        #expect(try reader.list(EvidenceFilter(operation: "preview")).map(\.id) == ["e2"])
        #expect(try reader.list(EvidenceFilter(verdict: .shadowTimeout)).map(\.id) == ["e3"])
        #expect(try reader.list(EvidenceFilter(fingerprint: expected.fingerprint)).map(\.id) == ["e1"])
        #expect(try reader.list(EvidenceFilter(sinceMicroseconds: 2_000)).map(\.id) == ["e3", "e2"])
        #expect(try reader.list(EvidenceFilter(includesCascades: false)).map(\.id) == ["e3", "e1"])
        #expect(try reader.list(EvidenceFilter(limit: 1)).map(\.id) == ["e3"])
        #expect(try reader.count(EvidenceFilter(sinceMicroseconds: 2_001, limit: 0)) == 1)
        writer.close()
    }

    @Test("the ring's bound: what is beyond is dropped and counted, and the rest is stored when the disk is back")
    func overflow() async throws {
        let folder = try TemporaryDirectory()
        let observer = RecordingObserver()
        observer.state.withLock { $0.diskIsFull = true }
        var limits = EvidenceLimits()
        limits.waitingMax = 5
        limits.retryMs = 1
        let writer = EvidenceWriter(database: try StateDatabase(directory: folder.path), observers: [observer], limits: limits)
        writer.offer(Samples.evidence("e0"))
        try await eventually("the disk refuses") { writer.snapshot().retries > 2 }
        let taken = (1...8).map { writer.offer(Samples.evidence("e\($0)")) }
        #expect(taken == [true, true, true, true, true, false, false, false])
        #expect(writer.snapshot().dropped == 3)
        #expect(writer.snapshot().waiting == 6)
        #expect(writer.snapshot().trouble != nil)
        #expect(await writer.flush(withinMs: 20) == false)
        observer.state.withLock { $0.diskIsFull = false }
        #expect(await writer.flush())
        let counts = writer.snapshot()
        #expect(counts.stored == 6)
        #expect(counts.offered == counts.stored + counts.dropped)
        #expect(counts.trouble == nil)
        #expect(observer.state.withLock { $0.seen } == (0...5).map { "e\($0)" })
        writer.close()
        #expect(!writer.offer(Samples.evidence("late")))
    }

    @Test("the bound on bytes holds too")
    func bytesBound() async throws {
        let folder = try TemporaryDirectory()
        let observer = RecordingObserver()
        observer.state.withLock { $0.diskIsFull = true }
        var limits = EvidenceLimits()
        limits.waitingBytesMax = 100_000
        limits.retryMs = 1
        let writer = EvidenceWriter(database: try StateDatabase(directory: folder.path), observers: [observer], limits: limits)
        writer.offer(Samples.evidence("first"))
        try await eventually("the disk refuses") { writer.snapshot().retries > 0 }
        let large = Samples.evidence("large", body: String(repeating: "x", count: 60_000))
        #expect(writer.offer(large))
        #expect(!writer.offer(large))
        #expect(writer.offer(Samples.evidence("small")))
        writer.close()
        #expect(writer.snapshot().stored == 0)
        #expect(writer.snapshot().dropped == 4)
    }

    @Test("evidence that no try can store is given up alone: nothing of its transaction stays, and its neighbours are stored")
    func poison() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let observer = RecordingObserver()
        observer.state.withLock {
            $0.poisoned = ["bad"]
            $0.diskIsFull = true
        }
        var limits = EvidenceLimits()
        limits.retryMs = 1
        let writer = EvidenceWriter(database: database, observers: [observer], limits: limits)
        // While the disk refuses, the rest gathers into one batch.
        writer.offer(Samples.evidence("first"))
        try await eventually("the disk refuses") { writer.snapshot().retries > 0 }
        for id in ["good", "bad", "fine"] { writer.offer(Samples.evidence(id)) }
        observer.state.withLock { $0.diskIsFull = false }
        try await eventually("all is through") { writer.snapshot().waiting == 0 }
        #expect(writer.snapshot().stored == 3)
        #expect(writer.snapshot().rejected == 1)
        #expect(try EvidenceReader(database).list().map(\.id) == ["fine", "good", "first"])
        #expect(
            try await database.connections.read { try String.fetchAll($0, sql: "SELECT id FROM witness") } == [
                "first", "good", "fine",
            ])
        #expect(observer.state.withLock { $0.commits } == 3)
        writer.close()
    }

    @Test("the same evidence offered twice is stored and observed once")
    func twice() async throws {
        let folder = try TemporaryDirectory()
        let observer = RecordingObserver()
        let writer = EvidenceWriter(database: try StateDatabase(directory: folder.path), observers: [observer])
        for _ in 0..<3 { writer.offer(Samples.evidence("e")) }
        #expect(await writer.flush())
        #expect(observer.state.withLock { $0.seen } == ["e"])
        writer.close()
    }

    @Test("retention: the oldest go first, the first of each fingerprint stays")
    func retention() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        do {
            let writer = EvidenceWriter(database: database, clock: WallClock { 0 })
            for index in 0..<20 { writer.offer(Samples.evidence("a\(index)", at: Int64(index))) }
            writer.offer(Samples.evidence("b", path: "$.other", at: 20))
            #expect(await writer.flush())
            writer.close()
        }
        var limits = EvidenceLimits()
        limits.rowsMax = 5
        let writer = EvidenceWriter(database: database, limits: limits, clock: WallClock { 0 })
        writer.offer(Samples.evidence("last", at: 21))
        #expect(await writer.flush())
        #expect(try EvidenceReader(database).list().map(\.id) == ["last", "b", "a19", "a18", "a0"])
        writer.close()
        var aged = EvidenceLimits()
        aged.daysMax = 1
        let later = EvidenceWriter(database: database, limits: aged, clock: WallClock { 86_400_000_000 + 20 })
        later.offer(Samples.evidence("newest", at: 86_400_000_000))
        #expect(await later.flush())
        #expect(try EvidenceReader(database).list().map(\.id) == ["newest", "last", "b", "a0"])
        later.close()
    }
}

@Suite("The state directory")
struct StateDatabaseTests {
    @Test("a second owner is refused by name of the first; visitors and readers are welcome")
    func lock() throws {
        let folder = try TemporaryDirectory()
        let directory = folder.file("state")
        let owner = try StateDatabase(directory: directory)
        do {
            _ = try StateDatabase(directory: directory)
            Issue.record("two owners")
        } catch {
            #expect(error.code == .inUse)
            #expect(error.sentence.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
        }
        _ = try StateDatabase(directory: directory, access: .visitor)
        _ = try StateDatabase(directory: directory, access: .reader)
        withExtendedLifetime(owner) {}
    }

    @Test("an owner that is gone leaves the directory free")
    func unlock() throws {
        let folder = try TemporaryDirectory()
        do { _ = try StateDatabase(directory: folder.path) }
        _ = try StateDatabase(directory: folder.path)
    }

    @Test("a newer schema is refused by owner and reader, and left as it is")
    func newerSchema() throws {
        let folder = try TemporaryDirectory()
        do {
            let database = try StateDatabase(directory: folder.path)
            try database.storing { try $0.execute(sql: "UPDATE schema_version SET version = 99") }
            database.close()
        }
        for access in [StateDatabase.Access.owner, .visitor, .reader] {
            do {
                _ = try StateDatabase(directory: folder.path, access: access)
                Issue.record("opened")
            } catch {
                #expect(error.code == .newerSchema)
                #expect(error.sentence.contains("99"))
            }
        }
    }

    @Test("reading where nothing is says so")
    func missing() throws {
        let folder = try TemporaryDirectory()
        for access in [StateDatabase.Access.visitor, .reader] {
            do {
                _ = try StateDatabase(directory: folder.path, access: access)
                Issue.record("opened")
            } catch { #expect(error.code == .missing) }
        }
    }

    @Test("a module's steps run once each, and a failing step leaves the version it had")
    func migration() throws {
        struct Broken: Error {}
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let first: @Sendable (Database) throws -> Void = { try $0.execute(sql: "CREATE TABLE one(x)") }
        try database.migrate(StateSchema(module: "test", steps: [first]))
        #expect(throws: StateError.self) {
            try database.migrate(
                StateSchema(
                    module: "test", steps: [first, { try $0.execute(sql: "CREATE TABLE two(x)") }, { _ in throw Broken() }]))
        }
        #expect(try database.reading { try !$0.tableExists("two") })
        try database.migrate(StateSchema(module: "test", steps: [first, { try $0.execute(sql: "CREATE TABLE two(x)") }]))
        #expect(try database.reading { try $0.tableExists("two") })
        #expect(throws: StateError.self) { try database.migrate(StateSchema(module: "test", steps: [first])) }
    }
}
