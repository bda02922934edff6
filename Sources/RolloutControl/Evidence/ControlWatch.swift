internal import Migration

/// Whether planted mismatches are still found. Each has some time to be seen; then the positive control is silent.
struct ControlWatch: Sendable {
    private let patienceMs: Int64
    private var seen = 0
    /// How many had been planted by when, for those that have yet to be seen.
    private var due: [(planted: Int, at: Instant)] = []
    private var plantedLast = 0
    /// Planted ones that were given up on: they were told of, once.
    private var lost = 0

    init(patienceMs: Int64) { self.patienceMs = patienceMs }

    /// True when one was not seen in its time.
    mutating func isSilent(_ figures: ControlFigures, at now: Instant) -> Bool {
        if figures.planted < plantedLast {
            // Another process counts from 0.
            (due, lost, plantedLast) = ([], 0, 0)
        }
        seen = figures.seen
        if figures.planted > plantedLast {
            due.append((figures.planted, now))
            plantedLast = figures.planted
        }
        due.removeAll { seen + lost >= $0.planted }
        guard let first = due.first, now.since(first.at) >= patienceMs else { return false }
        lost = first.planted - seen
        due.removeFirst()
        return true
    }
}
