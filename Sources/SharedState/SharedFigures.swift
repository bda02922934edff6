#if PostgreSQL
    public import Verdicts

    /// What one instance tells the others of itself.
    public struct InstanceFigures: Sendable {
        /// Of its ledger: `CountLedger.epoch`.
        public var epoch: String
        /// Since the ledger began.
        public var operations: [OperationCounts]
        public var inFlight: Int
        public var awaitingComparison: Int
        /// Its `run.json`.
        public var note: String

        public init(epoch: String, operations: [OperationCounts], inFlight: Int, awaitingComparison: Int, note: String) {
            self.epoch = epoch
            self.operations = operations
            self.inFlight = inFlight
            self.awaitingComparison = awaitingComparison
            self.note = note
        }
    }

    /// A proxy that shares the state.
    public struct SharedInstance: Sendable, Hashable {
        public var name: String
        /// Microseconds since 1970.
        public var startedAt: Int64
        public var lastSeen: Int64
        public var note: String
    }

    /// The counts of all instances together. `received = sum of verdicts + inFlight + awaitingComparison`.
    public struct SharedFigures: Sendable {
        public var operations: [OperationCounts] = []
        public var inFlight = 0
        public var awaitingComparison = 0
        /// By name.
        public var instances: [SharedInstance] = []

        public var received: Int { operations.reduce(0) { $0 + $1.received } }
        public var isConserved: Bool {
            received == operations.reduce(0) { $0 + $1.settled } + inFlight + awaitingComparison
        }

        public static func read(from store: PostgresStore) async throws -> SharedFigures {
            try await store.read { connection in
                var figures = SharedFigures()
                for row in try connection.rows(
                    "SELECT operation, verdict, CAST(sum(value) AS BIGINT) FROM verdict_count GROUP BY operation, verdict ORDER BY 1, 2"
                ) {
                    let (operation, name, value) = (try row.text(0), try row.text(1), Int(try row.integer(2)))
                    if figures.operations.last?.operation != operation {
                        figures.operations.append(OperationCounts(operation: operation))
                    }
                    let last = figures.operations.count - 1
                    if name == FigurePublication.received {
                        figures.operations[last].received = value
                    } else if let verdict = Verdict(name: name) {
                        figures.operations[last].verdicts[verdict] = value
                    } else {
                        throw StateError(
                            .newerSchema, "The shared counts hold the verdict `\(name)`, which this version does not know.")
                    }
                }
                for row in try connection.rows("SELECT in_flight, awaiting_comparison FROM ledger") {
                    figures.inFlight += Int(try row.integer(0))
                    figures.awaitingComparison += Int(try row.integer(1))
                }
                figures.instances = try connection.rows(
                    "SELECT instance, started_at, last_seen, note FROM instance ORDER BY instance"
                ).map { row in
                    SharedInstance(
                        name: try row.text(0), startedAt: try row.integer(1), lastSeen: try row.integer(2),
                        note: try row.text(3))
                }
                return figures
            }
        }
    }
#endif
