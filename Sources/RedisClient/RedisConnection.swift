#if Redis
    import CHiredis
    import Foundation

    /// One connection. It belongs to one thread, and no wait on it is longer than the deadline that it is given
    /// (nanoseconds of ``now``).
    final class RedisConnection {
        private let context: UnsafeMutablePointer<redisContext>
        /// hiredis's functions with ours among them; outlives the context.
        private var bounded: UnsafeMutablePointer<redisReplyObjectFunctions>?
        /// Bytes of answers that are held at most.
        private static let unreadMax = 8 << 20

        static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

        /// - Parameter address: numeric, so that nothing is looked up.
        init(_ settings: RedisSettings, address: String, deadline: UInt64) throws(RedisError) {
            guard let context = redisConnectNonBlock(address, Int32(settings.port)) else {
                throw RedisError(.unavailable, "there is no memory for a connection to \(settings.place)")
            }
            self.context = context
            guard context.pointee.err == 0 else {
                throw RedisError(.unavailable, "\(settings.place) can't be reached: \(reason)")
            }
            bounded = chiredis_bound(context)
            guard bounded != nil else {
                throw RedisError(.unavailable, "there is no memory for a connection to \(settings.place)")
            }
            guard wait(Int16(POLLOUT), deadline) != 0 else {
                throw RedisError(.unavailable, "\(settings.place) took too long to be connected to")
            }
            var failure: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(context.pointee.fd, SOL_SOCKET, SO_ERROR, &failure, &length)
            guard failure == 0 else {
                throw RedisError(.unavailable, "\(settings.place) can't be reached: \(String(cString: strerror(failure)))")
            }
            try greet(settings, deadline)
        }

        deinit {
            redisFree(context)
            free(bounded)
        }

        private func greet(_ settings: RedisSettings, _ deadline: UInt64) throws(RedisError) {
            var commands: [[[UInt8]]] = []
            if let password = settings.password {
                commands.append(([["AUTH"], settings.user.map { [$0] } ?? [], [password]].flatMap { $0 }).map { Array($0.utf8) })
            }
            if settings.database != 0 { commands.append(["SELECT", String(settings.database)].map { Array($0.utf8) }) }
            var refusal: RedisError?
            do throws(RedisError) {
                try exchange(commands, deadline) { _, answer throws(RedisError) in
                    switch answer {
                    case .status: break
                    case .error(let text): refusal = refusal ?? RedisError(.unavailable, "\(settings.place) refused us: \(text)")
                    default: throw RedisError(.garbled, "\(settings.place) did not answer as a Redis does")
                    }
                }
            } catch {
                // None of the caller's commands were sent.
                throw RedisError(.unavailable, error.description)
            }
            if let refusal { throw refusal }
        }

        private var reason: String { String(cString: chiredis_error(context)) }

        /// Whether it can be used for the next command: nothing was said without being asked, and it was not closed.
        var isFresh: Bool { chiredis_unread(context) == 0 && wait(Int16(POLLIN), 0) == 0 }

        /// Sends all the commands at once and hands their answers over in order. After a throw the connection must not be used again.
        func exchange(
            _ commands: [[[UInt8]]], _ deadline: UInt64, _ take: (Int, RedisValue) throws(RedisError) -> Void
        ) throws(RedisError) {
            for command in commands { try append(command) }
            var answered = 0
            var isWritten = false
            while answered < commands.count {
                if !isWritten {
                    var done: Int32 = 0
                    guard redisBufferWrite(context, &done) == REDIS_OK else { throw lost }
                    isWritten = done == 1
                }
                while answered < commands.count, let answer = try nextAnswer() {
                    try take(answered, answer)
                    answered += 1
                }
                guard answered < commands.count else { break }
                let events = wait(Int16(POLLIN) | (isWritten ? 0 : Int16(POLLOUT)), deadline)
                guard events != 0 else { throw RedisError(.timedOut, "Redis did not answer in time") }
                if events & ~Int16(POLLOUT) != 0 {
                    guard redisBufferRead(context) == REDIS_OK else { throw lost }
                    guard chiredis_unread(context) <= RedisConnection.unreadMax else {
                        throw RedisError(.garbled, "Redis sent an answer of more than \(RedisConnection.unreadMax) bytes")
                    }
                }
            }
        }

        private var lost: RedisError { RedisError(.connectionLost, "the connection to Redis broke: \(reason)") }

        private func append(_ command: [[UInt8]]) throws(RedisError) {
            let lengths = command.map(\.count)
            let flat = command.flatMap { $0 }
            let appended = flat.withUnsafeBytes { bytes in
                var pointers: [UnsafePointer<CChar>?] = []
                var offset = 0
                for length in lengths {
                    // An empty list of bytes may have no address, and hiredis reads none of them.
                    let start = bytes.baseAddress.map { $0 + offset } ?? UnsafeRawPointer(context)
                    pointers.append(start.assumingMemoryBound(to: CChar.self))
                    offset += length
                }
                return redisAppendCommandArgv(context, Int32(lengths.count), &pointers, lengths)
            }
            guard appended == REDIS_OK else { throw RedisError(.unavailable, "there is no memory for a command to Redis") }
        }

        private func nextAnswer() throws(RedisError) -> RedisValue? {
            var raw: UnsafeMutableRawPointer?
            guard redisGetReplyFromReader(context, &raw) == REDIS_OK else {
                throw RedisError(.garbled, "what came is not Redis's protocol: \(reason)")
            }
            guard let raw else { return nil }
            defer { freeReplyObject(raw) }
            return try RedisConnection.value(raw.assumingMemoryBound(to: redisReply.self))
        }

        private static func value(_ reply: UnsafeMutablePointer<redisReply>) throws(RedisError) -> RedisValue {
            let text = { UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len) }
            switch reply.pointee.type {
            case REDIS_REPLY_STRING: return .bytes([UInt8](text()))
            case REDIS_REPLY_STATUS: return .status(String(decoding: text(), as: UTF8.self))
            case REDIS_REPLY_ERROR: return .error(String(decoding: text(), as: UTF8.self))
            case REDIS_REPLY_INTEGER: return .integer(reply.pointee.integer)
            case REDIS_REPLY_NIL: return .null
            case REDIS_REPLY_ARRAY:
                var values: [RedisValue] = []
                for index in 0..<reply.pointee.elements {
                    guard let element = reply.pointee.element?[index] else { break }
                    values.append(try value(element))
                }
                return .array(values)
            default: throw RedisError(.garbled, "Redis answered with a type that this program does not know")
            }
        }

        /// The events that came, none if the deadline passed.
        private func wait(_ events: Int16, _ deadline: UInt64) -> Int16 {
            while true {
                let now = RedisConnection.now
                let left = deadline > now ? (deadline - now + 999_999) / 1_000_000 : 0
                var descriptor = pollfd(fd: context.pointee.fd, events: events, revents: 0)
                let count = poll(&descriptor, 1, Int32(clamping: left))
                if count > 0 { return descriptor.revents }
                if count == 0 || errno != EINTR { return 0 }
            }
        }
    }
#endif
