#if PostgreSQL
    import PostgreSQLClient

    extension PostgresBooks {
        /// The pool's figures: how many connections there are and what they did.
        var metrics: [Metric] {
            let pool = pool.statistics
            let prefix = "bank_database_"
            return [
                Metric(prefix + "open_connections", .gauge, "Connections to the database.", pool.openConnections),
                Metric(prefix + "busy_connections", .gauge, "Connections that a call works on.", pool.busyConnections),
                Metric(prefix + "max_connections", .gauge, "The most that may be open.", self.pool.settings.poolSize),
                Metric(prefix + "waiting_calls", .gauge, "Calls in line for a connection.", pool.waitingCalls),
                Metric(prefix + "calls_total", .counter, "Transactions that asked for a connection.", pool.calls),
                Metric(prefix + "wait_seconds_total", .counter, "Time in line.", microseconds: pool.waitedMicroseconds),
                Metric(
                    prefix + "longest_wait_seconds", .gauge, "The longest time in line.",
                    microseconds: pool.longestWaitMicroseconds
                ),
                Metric(
                    prefix + "held_seconds_total", .counter, "Time that calls held a connection.",
                    microseconds: pool.heldMicroseconds),
                Metric(prefix + "refused_calls_total", .counter, "Calls that got no connection in time.", pool.refusedCalls),
                Metric(
                    prefix + "repetitions_total", .counter, "Transactions begun again after a conflict or a lost connection.",
                    pool.repetitions),
                Metric(prefix + "connections_made_total", .counter, "Connections made.", pool.connectionsMade),
                Metric(
                    prefix + "failed_connections_total", .counter, "Connections that could not be made.", pool.failedConnections),
                Metric(prefix + "round_trips_total", .counter, "Waits for the database's answer.", pool.roundTrips),
                Metric(prefix + "statements_total", .counter, "Statements sent.", pool.statements),
            ]
        }
    }
#endif
