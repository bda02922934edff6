#if Redis
    import Foundation

    /// One connection's thread: sends what stands in line, all of it at once, and makes the connection anew when it broke.
    struct RedisWorker {
        let line: RedisLine
        let settings: RedisSettings

        func start(_ number: Int) {
            let worker = self
            let thread = Thread { worker.serve() }
            thread.name = "redis \(number)"
            thread.start()
        }

        private func serve() {
            // Writing to a connection that was closed must fail here, and not end the process.
            var pipe = sigset_t()
            sigemptyset(&pipe)
            sigaddset(&pipe, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &pipe, nil)
            let lookup = HostLookup(settings.host)
            var connection: RedisConnection?
            while true {
                switch line.next() {
                case .end: return
                case .refused(let jobs): line.refuse(jobs)
                case .probe: connection = probe(lookup)
                case .batch(let jobs): connection = send(jobs, on: connection, lookup)
                }
            }
        }

        private func connect(_ lookup: HostLookup, _ deadline: UInt64) throws(RedisError) -> RedisConnection {
            do throws(RedisError) {
                let connection = try RedisConnection(settings, address: try lookup.address(deadline), deadline: deadline)
                line.count { $0.connectionsMade += 1 }
                return connection
            } catch {
                line.count { $0.connectionsFailed += 1 }
                throw error
            }
        }

        /// Asks on a new connection: one made before the failures says nothing.
        private func probe(_ lookup: HostLookup) -> RedisConnection? {
            let deadline = RedisConnection.now + UInt64(settings.timeoutMilliseconds) * 1_000_000
            do throws(RedisError) {
                let connection = try connect(lookup, deadline)
                try connection.exchange([[Array("PING".utf8)]], deadline) { _, answer throws(RedisError) in
                    guard answer == .status("PONG") else { throw RedisError(.garbled, "Redis did not answer to PING") }
                }
                line.probed(nil)
                return connection
            } catch {
                line.probed(error)
                return nil
            }
        }

        /// - Returns: the connection, if it can be used again.
        private func send(_ jobs: [RedisJob], on kept: RedisConnection?, _ lookup: HostLookup) -> RedisConnection? {
            // The one asked last has the latest deadline; whoever comes after it waits no longer than that for this thread.
            guard let deadline = jobs.last?.deadline else { return kept }
            guard deadline > RedisConnection.now else {
                for job in jobs {
                    line.finish(job, .failure(RedisError(.timedOut, "the program was too busy to ask Redis in time")))
                }
                return kept
            }
            var answered = 0
            do throws(RedisError) {
                // What was closed in an idle hour must not fail a command.
                var connection = kept
                if connection?.isFresh == false { connection = nil }
                let used: RedisConnection
                if let connection { used = connection } else { used = try connect(lookup, deadline) }
                try used.exchange(jobs.map(\.command), deadline) { index, answer throws(RedisError) in
                    answered = index + 1
                    try take(answer, jobs[index])
                }
                guard used.isFresh else {
                    line.count { $0.garbled += 1 }
                    return nil
                }
                return used
            } catch {
                for job in jobs[answered...] { line.finish(job, .failure(error)) }
                return nil
            }
        }

        private func take(_ answer: RedisValue, _ job: RedisJob) throws(RedisError) {
            if case .error(let text) = answer {
                line.finish(job, .failure(RedisError(.refused, text)))
            } else if job.accepts(answer) {
                line.finish(job, .success(answer))
            } else {
                let garbled = RedisError(.garbled, "Redis answered with a type that the command can't have")
                line.finish(job, .failure(garbled))
                throw garbled
            }
        }
    }
#endif
