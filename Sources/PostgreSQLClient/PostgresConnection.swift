#if PostgreSQL
    import CPostgres

    #if canImport(Glibc)
        import Glibc
    #else
        import Darwin
    #endif

    /// One connection in pipeline mode, used by one thread at a time. Every wait has an end: beyond it the connection is given up.
    final class PostgresConnection {
        /// A statement on its way, and what to do with its answer.
        struct Statement {
            var sql: String
            var arguments: [PostgresValue]
            /// What it is called where it must change a row; nil where it need not.
            var mustChange: String?
        }

        private let handle: OpaquePointer
        private let settings: PostgresSettings
        /// Names of prepared statements by their text.
        private var prepared: [String: String] = [:]
        private var preparations = 0
        private(set) var isBroken = false
        /// So far.
        private(set) var roundTrips = 0
        private(set) var statements = 0

        /// Beyond this many different texts nothing more is prepared: what makes them up anew each time would fill the server's memory.
        private static let preparedMax = 512
        /// A little more than the server's own limit, which is meant to strike first.
        private static let graceMilliseconds = 2_000

        init(_ settings: PostgresSettings) throws(PostgresError) {
            guard let handle = PQconnectStart(settings.connectionString) else {
                throw PostgresError(.unavailable, "no memory for a connection")
            }
            self.handle = handle
            self.settings = settings
            // `deinit` runs for a connection that fails from here on too, so it is closed in one way only.
            do throws(PostgresError) {
                try finishConnecting()
                try setUp()
            } catch {
                close()
                throw PostgresError(
                    .unavailable, "PostgreSQL at \(settings.place) can't be reached: \(error.message)", sqlState: error.sqlState)
            }
        }

        private var isClosed = false

        func close() {
            guard !isClosed else { return }
            isClosed = true
            isBroken = true
            PQfinish(handle)
        }

        deinit { close() }

        // MARK: Connecting

        private func finishConnecting() throws(PostgresError) {
            let deadline = Instant.now + settings.connectTimeoutMilliseconds
            // As libpq says, it wants to write first.
            var state = PGRES_POLLING_WRITING
            while state != PGRES_POLLING_OK {
                switch state {
                case PGRES_POLLING_READING: try wait(for: Int16(POLLIN), until: deadline)
                case PGRES_POLLING_WRITING: try wait(for: Int16(POLLOUT), until: deadline)
                default: throw PostgresError(.unavailable, lastMessage)
                }
                state = PQconnectPoll(handle)
            }
        }

        private func setUp() throws(PostgresError) {
            cpostgres_drop_notices(handle)
            guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
                throw PostgresError(.unavailable, lastMessage)
            }
            let setting = "SELECT set_config($1, $2, false)"
            _ = try roundTrip(
                [
                    ("statement_timeout", "\(settings.statementTimeoutMilliseconds)"),
                    ("lock_timeout", "\(settings.lockTimeoutMilliseconds)"),
                    // A program that hangs between two statements must not hold its locks for ever.
                    ("idle_in_transaction_session_timeout", "\(settings.statementTimeoutMilliseconds * 2)"),
                    // No statement here runs long enough to be worth compiling, and tables without statistics make it look so.
                    ("jit", "off"),
                    ("search_path", "\"\(settings.schema)\""), ("client_encoding", "UTF8"), ("timezone", "UTC"),
                ].map { Statement(sql: setting, arguments: [.text($0.0), .text($0.1)]) })
        }

        // MARK: Work

        /// Sends the statements together and reads their answers: one round trip. The first error is thrown; those behind it were not carried out.
        func roundTrip(_ sent: [Statement]) throws(PostgresError) -> [PostgresResult] {
            guard !isBroken else { throw PostgresError(.connectionLost, "the connection is broken") }
            roundTrips += 1
            statements += sent.count
            do throws(PostgresError) { return try exchange(sent) } catch {
                if error.kind == .connectionLost || PQstatus(handle) != CONNECTION_OK { isBroken = true }
                throw error
            }
        }

        private func exchange(_ sent: [Statement]) throws(PostgresError) -> [PostgresResult] {
            let deadline = Instant.now + settings.statementTimeoutMilliseconds + PostgresConnection.graceMilliseconds
            // For each statement: whether a Prepare stands before it, which has an answer of its own.
            var prepares: [Bool] = []
            prepares.reserveCapacity(sent.count)
            for statement in sent { prepares.append(try send(statement)) }
            guard PQpipelineSync(handle) == 1 else { throw lost() }
            try flush(until: deadline)

            var results: [PostgresResult] = []
            results.reserveCapacity(sent.count)
            var failure: PostgresError?
            for (statement, prepare) in zip(sent, prepares) {
                // What stands behind a failed statement was not prepared either.
                if prepare, let error = try answer(until: deadline).error {
                    prepared[statement.sql] = nil
                    failure = failure ?? error
                }
                let (result, error) = try answer(until: deadline)
                if let error {
                    failure = failure ?? error
                    continue
                }
                if failure == nil, let name = statement.mustChange, result.changedRows == 0 {
                    failure = PostgresError(.noRowChanged, "the step \(name) touched no row")
                }
                results.append(result)
            }
            try sync(until: deadline)
            if let failure { throw failure }
            return results
        }

        /// Puts one statement into the pipeline.
        ///
        /// - Returns: whether it is prepared on the way.
        private func send(_ statement: Statement) throws(PostgresError) -> Bool {
            let isNew: Bool
            var name = ""
            if let known = prepared[statement.sql] {
                name = known
                isNew = false
            } else if prepared.count < PostgresConnection.preparedMax {
                preparations += 1
                name = "s\(preparations)"
                isNew = true
                let types = statement.arguments.map(\.type)
                guard PQsendPrepare(handle, name, statement.sql, Int32(types.count), types) == 1 else { throw lost() }
                prepared[statement.sql] = name
            } else {
                isNew = false
            }
            guard
                Parameters.with(
                    statement.arguments,
                    { pointers, lengths, formats, types in
                        name.isEmpty
                            ? PQsendQueryParams(handle, statement.sql, Int32(types.count), types, pointers, lengths, formats, 0)
                            : PQsendQueryPrepared(handle, name, Int32(types.count), pointers, lengths, formats, 0)
                    }) == 1
            else { throw lost() }
            return isNew
        }

        /// The answer to one command of the pipeline, with the NULL that ends it taken too.
        private func answer(until deadline: Instant) throws(PostgresError) -> (result: PostgresResult, error: PostgresError?) {
            guard let handle = try next(until: deadline) else { throw lost() }
            let result = PostgresResult(handle)
            while let more = try next(until: deadline) { PQclear(more) }
            switch PQresultStatus(handle) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return (result, nil)
            case PGRES_PIPELINE_ABORTED: return (result, PostgresError(.server, "not carried out: a statement before it failed"))
            default: return (result, PostgresConnection.error(of: handle))
            }
        }

        private func sync(until deadline: Instant) throws(PostgresError) {
            guard let handle = try next(until: deadline) else { throw lost() }
            let status = PQresultStatus(handle)
            PQclear(handle)
            guard status == PGRES_PIPELINE_SYNC else { throw lost() }
        }

        private func next(until deadline: Instant) throws(PostgresError) -> OpaquePointer? {
            while PQisBusy(handle) == 1 {
                try wait(for: Int16(POLLIN), until: deadline)
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            }
            return PQgetResult(handle)
        }

        /// Writes all that is buffered; reads meanwhile, since a server whose answers nobody takes stops reading.
        private func flush(until deadline: Instant) throws(PostgresError) {
            while true {
                switch PQflush(handle) {
                case 0: return
                case 1:
                    let ready = try wait(for: Int16(POLLIN | POLLOUT), until: deadline)
                    if ready & Int16(POLLIN) != 0, PQconsumeInput(handle) != 1 { throw lost() }
                default: throw lost()
                }
            }
        }

        @discardableResult
        private func wait(for events: Int16, until deadline: Instant) throws(PostgresError) -> Int16 {
            let socket = PQsocket(handle)
            guard socket >= 0 else { throw lost() }
            while true {
                let left = deadline.millisecondsFromNow
                guard left > 0 else {
                    isBroken = true
                    throw PostgresError(.connectionLost, "PostgreSQL at \(settings.place) did not answer in time")
                }
                var polled = pollfd(fd: socket, events: events, revents: 0)
                let ready = poll(&polled, 1, Int32(clamping: left))
                if ready > 0 { return polled.revents }
                if ready < 0, errno != EINTR { throw lost() }
            }
        }

        // MARK: Errors

        private func lost() -> PostgresError {
            isBroken = true
            return PostgresError(.connectionLost, lastMessage.isEmpty ? "the connection to PostgreSQL broke" : lastMessage)
        }

        private var lastMessage: String { PostgresConnection.line(String(cString: PQerrorMessage(handle))) }

        private static func error(of result: OpaquePointer) -> PostgresError {
            func field(_ code: Character) -> String {
                guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return "" }
                return String(cString: text)
            }
            return PostgresError(
                sqlState: field("C"),
                message: line(field("M").isEmpty ? String(cString: PQresultErrorMessage(result)) : field("M")),
                constraint: field("n"))
        }

        private static func line(_ message: String) -> String {
            message.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
        }
    }

    /// A point in time by the clock that never goes back, in milliseconds.
    struct Instant: Comparable {
        var milliseconds: Int

        static var now: Instant {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Instant(milliseconds: Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000)
        }

        var millisecondsFromNow: Int { milliseconds - Instant.now.milliseconds }

        static func + (instant: Instant, milliseconds: Int) -> Instant {
            Instant(milliseconds: instant.milliseconds + milliseconds)
        }
        static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
    }
#endif
