import Testing

@testable import PayoutService

@Suite struct MemoryPreviewCacheTests {
    private static func preview(_ text: String, version: Int64? = 1) -> CachedPreview {
        CachedPreview(reply: Reply(status: 200, contentType: "t", body: Array(text.utf8)), version: version)
    }

    private static func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    private static let day = Day(number: 1)

    /// A computation that a test holds open.
    private final class Gate: Sendable {
        private let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        func open() { continuation.finish() }
        func pass() async { for await _ in stream {} }
    }

    @Test func aKeptPreviewIsNotComputedAgain() async throws {
        let cache = MemoryPreviewCache(capacity: 10)
        for _ in 0..<3 {
            let reply = try await cache.preview(account: "A", day: Self.day) { Self.preview("first") }
            #expect(Self.text(reply) == "first")
        }
        #expect(cache.counts == .init(hits: 2, computations: 1))
        // Another day is another preview.
        let reply = try await cache.preview(account: "A", day: Self.day + 1) { Self.preview("next day") }
        #expect(Self.text(reply) == "next day")
    }

    @Test func aDropMakesTheNextReaderCompute() async throws {
        let cache = MemoryPreviewCache(capacity: 10)
        _ = try await cache.preview(account: "A", day: Self.day) { Self.preview("old") }
        _ = try await cache.preview(account: "B", day: Self.day) { Self.preview("b") }
        cache.drop(accounts: ["A"])
        let reply = try await cache.preview(account: "A", day: Self.day) { Self.preview("new", version: 2) }
        #expect(Self.text(reply) == "new")
        #expect(cache.entryCount == 2)
        cache.dropAll()
        #expect(cache.entryCount == 0)
    }

    @Test func aLateWriterPutsNothingOldBack() async throws {
        let cache = MemoryPreviewCache(capacity: 10)
        let gate = Gate()
        let (started, starting) = AsyncStream.makeStream(of: Void.self)
        let slow = Task {
            try await cache.preview(account: "A", day: Self.day) {
                starting.finish()
                await gate.pass()
                return Self.preview("old", version: 1)
            }
        }
        for await _ in started {}
        cache.drop(accounts: ["A"])
        let fresh = try await cache.preview(account: "A", day: Self.day) { Self.preview("new", version: 2) }
        #expect(Self.text(fresh) == "new")
        gate.open()
        // The reader who came before the change may see what was before it …
        #expect(Self.text(try await slow.value) == "old")
        // … and nobody after it.
        let later = try await cache.preview(account: "A", day: Self.day) { Self.preview("computed again", version: 2) }
        #expect(Self.text(later) == "new")
    }

    @Test func manyFirstReadersCauseOneComputation() async throws {
        let cache = MemoryPreviewCache(capacity: 10)
        let gate = Gate()
        let readers = (0..<50).map { _ in
            Task {
                try await cache.preview(account: "A", day: Self.day) {
                    await gate.pass()
                    return Self.preview("once")
                }
            }
        }
        while cache.counts.joined < 49 { await Task.yield() }
        // The first reader gives up; the others still get their answer.
        readers[0].cancel()
        gate.open()
        for reader in readers { #expect(Self.text(try await reader.value) == "once") }
        #expect(cache.counts.computations == 1)
    }

    @Test func aFailureIsNotKept() async throws {
        let cache = MemoryPreviewCache(capacity: 10)
        await #expect(throws: Failure.self) {
            try await cache.preview(account: "A", day: Self.day) { throw Failure(text: "away") }
        }
        let reply = try await cache.preview(account: "A", day: Self.day) { Self.preview("unkept", version: nil) }
        #expect(Self.text(reply) == "unkept")
        #expect(cache.entryCount == 0)
    }

    @Test func itNeverHoldsMoreThanItsCapacity() async throws {
        let cache = MemoryPreviewCache(capacity: 20)
        for index in 0..<1_000 {
            _ = try await cache.preview(account: "A\(index)", day: Self.day) { Self.preview("\(index)") }
            // One that is asked for again and again stays.
            let hot = try await cache.preview(account: "A0", day: Self.day) { Self.preview("computed again") }
            #expect(Self.text(hot) == "0")
            #expect(cache.entryCount <= 20)
        }
    }
}
