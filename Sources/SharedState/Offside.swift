#if PostgreSQL
    import Dispatch

    /// Where calls that wait for the disk run: not on the threads that all tasks share.
    enum Offside {
        private static let queue = DispatchQueue(label: "countersign.shared-state", attributes: .concurrent)

        static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try work() }) }
            }
        }
    }
#endif
