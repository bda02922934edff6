#if PostgreSQL
    /// Which keys this instance has seen of late, by their hashes, and which of them are due to be told: a key that is busy is told a few times
    /// in a window, not each time. A value; time is handed in, in microseconds.
    struct KeyWatch {
        /// Keys remembered; about 12 MiB.
        static let keysMax = 262_144
        /// A key seen again is told again after this part of the window, which is how much later than the window it may be forgotten.
        static let parts: Int64 = 10

        private struct Sighting {
            var seen: Int64
            var told: Int64?
        }

        let window: Int64
        private var sightings: [UInt64: Sighting] = [:]
        /// Keys that found no room.
        private(set) var dropped = 0

        init(windowMicroseconds: Int64) { window = windowMicroseconds }

        var count: Int { sightings.count }

        mutating func note(_ keys: [UInt64], now: Int64) {
            if sightings.count + keys.count > Self.keysMax { forget(now: now) }
            for key in keys {
                if let known = sightings[key] {
                    sightings[key] = Sighting(seen: now, told: known.told)
                } else if sightings.count < Self.keysMax {
                    sightings[key] = Sighting(seen: now, told: nil)
                } else {
                    dropped += 1
                }
            }
        }

        /// At most `max` of the keys that are due.
        func due(max: Int) -> [UInt64] {
            let pause = window / Self.parts
            let due = sightings.lazy.filter { entry in entry.value.told.map { entry.value.seen - $0 >= pause } ?? true }
            return Array(due.prefix(max).map(\.key))
        }

        mutating func told(_ keys: [UInt64]) {
            for key in keys { if let known = sightings[key] { sightings[key]?.told = known.seen } }
        }

        /// Forgets keys that are out of the window.
        mutating func forget(now: Int64) {
            sightings = sightings.filter { now - $0.value.seen < window + window / Self.parts }
        }
    }
#endif
