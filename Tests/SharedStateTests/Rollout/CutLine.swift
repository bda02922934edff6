#if PostgreSQL
    import RolloutControl
    import Synchronization

    /// A line to the store that a test can cut: before a call is made, or after it was and before its answer is there.
    final class CutLine: RolloutExchange {
        struct Cut: Error {}

        enum State: Sendable {
            case whole, cut
            /// The next call comes through, and its answer does not; then all is cut.
            case cutAfterNext
        }

        private let store: any RolloutExchange
        private let state = Mutex(State.whole)

        init(_ store: any RolloutExchange) { self.store = store }

        func set(_ next: State) { state.withLock { $0 = next } }

        private func pass<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
            let now = state.withLock { $0 }
            if case .cut = now { throw Cut() }
            let value = try await work()
            if case .cutAfterNext = now {
                set(.cut)
                throw Cut()
            }
            return value
        }

        func open(_ first: RolloutDocument, log: [[UInt8]]) async throws -> RolloutDocument {
            try await pass { try await store.open(first, log: log) }
        }

        func step(_ make: @escaping @Sendable (RolloutDocument) throws -> DocumentStep) async throws -> DocumentStep {
            try await pass { try await store.step(make) }
        }

        func document(otherThan version: Int64) async throws -> RolloutDocument? {
            try await pass { try await store.document(otherThan: version) }
        }

        func log(after sequence: Int, limit: Int) async throws -> [[UInt8]] {
            try await pass { try await store.log(after: sequence, limit: limit) }
        }

        func lead(forMs: Int) async throws -> Int64? { try await pass { try await store.lead(forMs: forMs) } }

        func resign() async throws { try await pass { try await store.resign() } }

        func publish(_ batch: OutcomeBatch) async throws -> Bool { try await pass { try await store.publish(batch) } }

        func batches(after cursor: Int64, limit: Int) async throws -> [(cursor: Int64, batch: OutcomeBatch)] {
            try await pass { try await store.batches(after: cursor, limit: limit) }
        }

        func evidence() async throws -> (bytes: [UInt8], through: Int64)? { try await pass { try await store.evidence() } }

        func keep(evidence: [UInt8], through: Int64, term: Int64) async throws -> Bool {
            try await pass { try await store.keep(evidence: evidence, through: through, term: term) }
        }

        func publish(keys: [String], returns: Int) async throws -> Bool {
            try await pass { try await store.publish(keys: keys, returns: returns) }
        }

        func keys(after cursor: Int64, limit: Int) async throws -> (keys: [String], cursor: Int64) {
            try await pass { try await store.keys(after: cursor, limit: limit) }
        }
    }
#endif
