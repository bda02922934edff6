#if Kafka
    import KafkaClient

    /// Which partitions stand still since a message of theirs failed, and until when. A value: time is handed in.
    ///
    /// A whole partition waits, not one account: offsets are committed in order, so what stands behind the message has to be read again
    /// anyway.
    struct PartitionWaits: Sendable {
        enum Next: Sendable, Hashable {
            /// The partition goes on at this moment, from the failed message.
            case again(at: Int64)
            /// It has failed as often as it may.
            case giveUp(attempts: Int)
        }

        private struct Wait: Sendable {
            var offset: Int64
            var attempts: Int
            /// Failures that were not the message's own fault, since the last one that was.
            var delays: Int
            var until: Int64
            var isPaused: Bool
        }

        var retry: RetryPolicy
        private var waits: [KafkaPartition: Wait] = [:]

        init(retry: RetryPolicy) { self.retry = retry }

        /// - Parameter counts: whether the failure is the message's own. When the books are away none is, and no message is given up for it.
        mutating func failed(_ partition: KafkaPartition, at offset: Int64, now: Int64, counts: Bool) -> Next {
            var wait =
                waits[partition].flatMap { $0.offset == offset ? $0 : nil }
                ?? Wait(offset: offset, attempts: 0, delays: 0, until: now, isPaused: true)
            wait.attempts += counts ? 1 : 0
            wait.delays += 1
            if counts, wait.attempts >= retry.attempts { return .giveUp(attempts: wait.attempts) }
            wait.until = now + retry.delayMilliseconds(afterFailure: wait.delays)
            wait.isPaused = true
            waits[partition] = wait
            return .again(at: wait.until)
        }

        /// How often the message failed by its own fault.
        func attempts(_ partition: KafkaPartition, at offset: Int64) -> Int {
            waits[partition].flatMap { $0.offset == offset ? $0.attempts : nil } ?? 0
        }

        /// The message is through: booked, or with the dead letters.
        mutating func through(_ partition: KafkaPartition, at offset: Int64) {
            if let wait = waits[partition], wait.offset <= offset { waits[partition] = nil }
        }

        /// Partitions whose time has come; each is named once.
        mutating func due(at now: Int64) -> [KafkaPartition] {
            let due = waits.filter { $0.value.isPaused && $0.value.until <= now }.map(\.key)
            for partition in due { waits[partition]?.isPaused = false }
            return due
        }

        /// When the group gave a partition to this worker anew, its pause is forgotten, and the message may come before its time.
        func isTooEarly(_ partition: KafkaPartition, at now: Int64) -> Int64? {
            guard let wait = waits[partition], wait.isPaused, wait.until > now else { return nil }
            return wait.offset
        }
    }
#endif
