#if PostgreSQL
    /// One transaction, on the thread of its connection. Statements that nobody waits for travel together: those of ``execute(_:_:as:)`` go
    /// out with the next query or the commit.
    public final class PostgresTransaction {
        private let connection: PostgresConnection
        private var waiting: [PostgresConnection.Statement]
        /// Whether BEGIN has gone out.
        private var hasBegun = false

        /// So many statements at most go out together: more would fill the buffers of both ends.
        private static let togetherMax = 256

        init(_ connection: PostgresConnection, beginning: String) {
            self.connection = connection
            // BEGIN goes out with the first statement.
            waiting = [.init(sql: beginning, arguments: [])]
        }

        /// The rows of a query. `sql` has its parameters as `$1`, `$2` …
        public func query(_ sql: String, _ arguments: [PostgresValue] = []) throws(PostgresError) -> [PostgresRow] {
            try queries([(sql, arguments)])[0]
        }

        /// Several queries in one round trip, each of them on the state that the one before it left.
        public func queries(_ queries: [(sql: String, arguments: [PostgresValue])]) throws(PostgresError) -> [[PostgresRow]] {
            for query in queries { waiting.append(.init(sql: query.sql, arguments: query.arguments)) }
            return try flush().suffix(queries.count).map(\.rows)
        }

        /// Puts a statement in line. Its error, if any, comes with the next query, ``flush()`` or the commit.
        ///
        /// - Parameter name: named where the statement must change at least one row.
        public func execute(_ sql: String, _ arguments: [PostgresValue] = [], as name: String? = nil) throws(PostgresError) {
            waiting.append(.init(sql: sql, arguments: arguments, mustChange: name))
            if waiting.count >= PostgresTransaction.togetherMax { try flush() }
        }

        /// Sends what is in line, and waits until it is done.
        @discardableResult
        func flush() throws(PostgresError) -> [PostgresResult] {
            guard !waiting.isEmpty else { return [] }
            let statements = waiting
            waiting = []
            hasBegun = true
            return try connection.roundTrip(statements)
        }

        /// What stands in line is checked before the commit goes out: a step that changed no row must not be kept.
        func commit() throws(PostgresError) {
            try flush()
            let answer: PostgresResult?
            do throws(PostgresError) { answer = try connection.roundTrip([.init(sql: "COMMIT", arguments: [])]).first } catch {
                var error = error
                if error.kind == .connectionLost { error.isOutcomeUnknown = true }
                throw error
            }
            // A transaction in which a statement failed answers COMMIT with ROLLBACK, and no error.
            guard answer?.tag == "COMMIT" else {
                throw PostgresError(.server, "the transaction was rolled back: one of its statements had failed")
            }
        }

        func rollBack() {
            waiting = []
            guard hasBegun, !connection.isBroken else { return }
            do throws(PostgresError) { _ = try connection.roundTrip([.init(sql: "ROLLBACK", arguments: [])]) } catch {
                // Without an answer to ROLLBACK nobody knows what the connection stands in.
                connection.close()
            }
        }
    }

    /// What a transaction came to.
    public enum PostgresEnding<Value: Sendable>: Sendable {
        case keep(Value)
        case rollBack(Value)
    }
#endif
