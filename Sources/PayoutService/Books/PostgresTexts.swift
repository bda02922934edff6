#if PostgreSQL
    import PostgreSQLClient
    import Synchronization

    /// The common SQL as PostgreSQL takes it, each text made once.
    enum PostgresTexts {
        struct Text: Sendable {
            var sql: String
            /// For a total: its place in the order of all, and how many of the first parameters are its key.
            var total: (rank: Int, keys: Int)?
        }

        private static let known = Mutex<[String: Text]>(
            Dictionary(
                uniqueKeysWithValues: Aggregate.all.enumerated().map { rank, aggregate in
                    let upsert = aggregate.isHot ? aggregate.slotUpsert : aggregate.upsert
                    return (aggregate.upsert, Text(sql: Dialect.postgres.numbered(upsert), total: (rank, aggregate.keys.count)))
                }))

        static func text(_ sql: String) -> Text {
            known.withLock { known in
                if let text = known[sql] { return text }
                let text = Text(sql: Dialect.postgres.numbered(sql))
                known[sql] = text
                return text
            }
        }

        /// Facts in their order, since some refer to others; then the totals, all transactions' in the same order: who holds one row
        /// and waits for another never holds the later one, so that no two can wait for each other.
        static func ordered(_ steps: [BookStep]) -> [(step: BookStep, text: Text)] {
            let all = steps.map { (step: $0, text: text($0.sql)) }
            let totals = all.filter { $0.text.total != nil }.sorted { left, right in
                guard let (rank, keys) = left.text.total, let other = right.text.total else { return false }
                if rank != other.rank { return rank < other.rank }
                return precedes(left.step.arguments.prefix(keys), right.step.arguments.prefix(keys))
            }
            return all.filter { $0.text.total == nil } + totals
        }

        private static func precedes(_ left: ArraySlice<BookValue>, _ right: ArraySlice<BookValue>) -> Bool {
            for (one, other) in zip(left, right) where one != other {
                switch (one, other) {
                case (.integer(let one), .integer(let other)): return one < other
                case (.text(let one), .text(let other)): return one < other
                default: return false
                }
            }
            return false
        }
    }

    extension BookValue {
        var postgres: PostgresValue {
            switch self {
            case .integer(let value): .integer(value)
            case .text(let value): .text(value)
            case .bytes(let value): .bytes(value)
            case .null: .null
            }
        }
    }
#endif
