#if Redis
    import Foundation

    /// Finds a host's numeric address. The system's look-up can't be given up; so it has a thread of its own, and who waits for it
    /// stops waiting at a deadline. One look-up runs at a time. It belongs to one thread.
    final class HostLookup {
        private final class Answer: @unchecked Sendable {
            // Read and written with `condition` locked.
            let condition = NSCondition()
            var result: Result<String, RedisError>?
        }

        private let host: String
        private var underWay: Answer?

        init(_ host: String) { self.host = host }

        /// - Parameter deadline: nanoseconds of ``RedisConnection/now``.
        func address(_ deadline: UInt64) throws(RedisError) -> String {
            if HostLookup.isNumeric(host) { return host }
            let answer = underWay ?? begin()
            underWay = answer
            answer.condition.lock()
            defer { answer.condition.unlock() }
            while answer.result == nil {
                let now = RedisConnection.now
                guard deadline > now else {
                    throw RedisError(.unavailable, "the address of \(host) is still being looked up")
                }
                _ = answer.condition.wait(until: Date(timeIntervalSinceNow: Double(deadline - now) / 1e9))
            }
            underWay = nil
            guard let result = answer.result else { return host }
            return try result.get()
        }

        private func begin() -> Answer {
            let answer = Answer()
            let host = host
            let thread = Thread {
                let result = HostLookup.lookUp(host)
                answer.condition.withLock {
                    answer.result = result
                    answer.condition.broadcast()
                }
            }
            thread.name = "redis look-up"
            thread.start()
            return answer
        }

        private static func isNumeric(_ host: String) -> Bool {
            var space = in6_addr()
            return inet_pton(AF_INET, host, &space) == 1 || inet_pton(AF_INET6, host, &space) == 1
        }

        private static func lookUp(_ host: String) -> Result<String, RedisError> {
            var hints = addrinfo()
            hints.ai_family = AF_UNSPEC
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            let code = getaddrinfo(host, nil, &hints, &found)
            guard code == 0, let found else {
                return .failure(RedisError(.unavailable, "the host \(host) is not known: \(String(cString: gai_strerror(code)))"))
            }
            defer { freeaddrinfo(found) }
            var text = [CChar](repeating: 0, count: 256)
            let written = getnameinfo(
                found.pointee.ai_addr, found.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard written == 0 else {
                return .failure(RedisError(.unavailable, "the address of \(host) can't be written"))
            }
            return .success(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    }
#endif
