import PostgreSQLClient

/// `GET /metrics`: what the core does with its database, in Prometheus' text form.
struct CoreMetrics {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    init(_ database: CoreDatabase) {
        add(
            "bank_dml_statements_total", "counter",
            "INSERT, UPDATE and DELETE statements sent to the database, kept or not.", "\(database.changes.value)")
        #if PostgreSQL
            if case .postgres(let pool, _) = database.engine { add(pool.statistics, limit: pool.settings.poolSize) }
        #endif
    }

    #if PostgreSQL
        private mutating func add(_ statistics: PostgresPool.Statistics, limit: Int) {
            for (name, type, help, value) in [
                ("max_connections", "gauge", "Connections that may be open.", limit),
                ("open_connections", "gauge", "Connections that are open.", statistics.openConnections),
                ("busy_connections", "gauge", "Connections at work.", statistics.busyConnections),
                ("waiting_calls", "gauge", "Calls in line for a connection.", statistics.waitingCalls),
                ("calls_total", "counter", "Transactions asked for.", statistics.calls),
                ("refused_calls_total", "counter", "Calls that got no connection in time.", statistics.refusedCalls),
                (
                    "repetitions_total", "counter", "Transactions begun again after a conflict or a lost connection.",
                    statistics.repetitions
                ),
                ("connections_made_total", "counter", "Connections made.", statistics.connectionsMade),
                ("failed_connections_total", "counter", "Connections that could not be made.", statistics.failedConnections),
                ("round_trips_total", "counter", "Waits for the server's answer.", statistics.roundTrips),
                ("statements_total", "counter", "Statements carried out, BEGIN and COMMIT among them.", statistics.statements),
            ] { add("bank_database_" + name, type, help, "\(value)") }
            add(
                "bank_database_wait_seconds_total", "counter", "Time that calls stood in line for a connection.",
                CoreMetrics.seconds(statistics.waitedMicroseconds))
            add(
                "bank_database_held_seconds_total", "counter", "Time that calls held a connection.",
                CoreMetrics.seconds(statistics.heldMicroseconds))
            add(
                "bank_database_longest_wait_seconds", "gauge", "The longest time that a call stood in line.",
                CoreMetrics.seconds(statistics.longestWaitMicroseconds))
        }
    #endif

    private static func seconds(_ microseconds: Int) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ value: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
    }
}
