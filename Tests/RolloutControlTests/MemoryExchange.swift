import Migration
import Synchronization

@testable import RolloutControl

/// A line to a store in memory, which a test can set back, and a line to it that it can hold.
final class MemoryExchange: RolloutExchange {
    struct Content: Sendable {
        var document: RolloutDocument?
        var lines: [[UInt8]] = []
        var batches: [OutcomeBatch] = []
        var evidence: (bytes: [UInt8], through: Int64)?
        var keys: [String] = []
    }

    final class Store: Sendable {
        private let content = Mutex(Content())
        var now: Content { content.withLock { $0 } }
        func change<Value: Sendable>(_ work: (inout Content) throws -> Value) rethrows -> Value {
            try content.withLock { try work(&$0) }
        }
    }

    private let store: Store
    private let holding = Mutex<(@Sendable (String) async -> Void)?>(nil)

    init(_ store: Store) { self.store = store }

    /// Waits before each call.
    func hold(_ wait: (@Sendable (String) async -> Void)?) { holding.withLock { $0 = wait } }

    private func come(_ call: String) async { await holding.withLock { $0 }?(call) }

    private struct Nothing: Error {}

    // MARK: RolloutExchange

    func open(_ first: RolloutDocument, log: [[UInt8]]) async throws -> RolloutDocument {
        await come("open")
        return store.change { content in
            if let document = content.document { return document }
            (content.document, content.lines) = (first, log)
            return first
        }
    }

    func step(_ make: @escaping @Sendable (RolloutDocument) throws -> DocumentStep) async throws -> DocumentStep {
        await come("step")
        return try store.change { content in
            guard let before = content.document else { throw Nothing() }
            let step = try make(before)
            content.document = step.document
            content.lines += step.lines.map(\.bytes)
            if step.document.returns > before.returns { content.keys = [] }
            return step
        }
    }

    func document(otherThan version: Int64) async throws -> RolloutDocument? {
        await come("document")
        return store.now.document.flatMap { $0.version == version ? nil : $0 }
    }

    func log(after sequence: Int, limit: Int) async throws -> [[UInt8]] {
        await come("log")
        return Array(store.now.lines.dropFirst(sequence).prefix(limit))
    }

    func lead(forMs: Int) async throws -> Int64? {
        await come("lead")
        return 1
    }

    func resign() async throws { await come("resign") }

    func publish(_ batch: OutcomeBatch) async throws -> Bool {
        await come("publish")
        store.change { $0.batches.append(batch) }
        return true
    }

    func batches(after cursor: Int64, limit: Int) async throws -> [(cursor: Int64, batch: OutcomeBatch)] {
        await come("batches")
        return store.now.batches.enumerated().map { (Int64($0.offset + 1), $0.element) }.filter { $0.0 > cursor }
            .prefix(limit).map { $0 }
    }

    func evidence() async throws -> (bytes: [UInt8], through: Int64)? {
        await come("evidence")
        return store.now.evidence
    }

    func keep(evidence: [UInt8], through: Int64, term: Int64) async throws -> Bool {
        await come("keep")
        store.change { $0.evidence = (evidence, through) }
        return true
    }

    func publish(keys: [String], returns: Int) async throws -> Bool {
        await come("publish keys")
        return store.change { content in
            guard content.document?.returns ?? 0 <= returns else { return false }
            content.keys += keys
            return true
        }
    }

    func keys(after cursor: Int64, limit: Int) async throws -> (keys: [String], cursor: Int64) {
        await come("keys")
        let keys = Array(store.now.keys.dropFirst(Int(cursor)).prefix(limit))
        return (keys, cursor + Int64(keys.count))
    }
}
