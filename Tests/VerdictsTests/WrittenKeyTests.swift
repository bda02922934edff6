import Foundation
import TestKit
import Testing

@testable import Verdicts

@Suite("The ledger of written keys")
struct WrittenKeyTests {
    private func note(_ keys: [String], in store: SQLWrittenKeys) async -> StateError? {
        await withCheckedContinuation { continuation in store.note(keys) { continuation.resume(returning: $0) } }
    }

    @Test("what is noted outlives a restart, the oldest first, and is published once")
    func outlives() async throws {
        let folder = try TemporaryDirectory()
        do {
            let database = try StateDatabase(directory: folder.path)
            let store = SQLWrittenKeys(database: database)
            #expect(await note(["b", "a"], in: store) == nil)
            #expect(await note(["a", "c"], in: store) == nil)
            try store.note(ofOthers: ["d", "a"])
            store.close()
            database.close()
        }
        let database = try StateDatabase(directory: folder.path)
        let store = SQLWrittenKeys(database: database)
        #expect(try store.all().map(\.key) == ["b", "a", "c", "d"])
        #expect(try store.all().allSatisfy { $0.notedAt > 0 })
        // What others noted they know.
        #expect(try store.unpublished(limit: 2) == ["b", "a"])
        try store.markPublished(["b", "a"])
        #expect(try store.unpublished(limit: 9) == ["c"])
        try store.forgetAll()
        #expect(try store.all().isEmpty)
        // Written again, it is to be told again.
        #expect(await note(["b"], in: store) == nil)
        #expect(try store.unpublished(limit: 9) == ["b"])
        store.close()
        #expect(await note(["e"], in: store)?.code == .closed)
        database.close()
    }

    @Test("many notes at once are all kept, each with its answer")
    func atOnce() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let store = SQLWrittenKeys(database: database)
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 { group.addTask { await note(["k\(number)", "shared"], in: store) == nil } }
            for await isKept in group { #expect(isKept) }
        }
        #expect(try store.all().count == 201)
        store.close()
        database.close()
    }

    @Test("a database that does not take it says so")
    func refused() async throws {
        let folder = try TemporaryDirectory()
        let database = try StateDatabase(directory: folder.path)
        let store = SQLWrittenKeys(database: database)
        database.close()
        #expect(await note(["a"], in: store)?.code == .unwritable)
        store.close()
    }
}
