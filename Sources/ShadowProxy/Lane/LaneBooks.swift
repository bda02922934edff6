import Verdicts

/// What a lane writes down: counts and bounds in the ledger, writes under way in the journal, latencies in memory.
final class LaneBooks {
    private let ledger: CountLedger
    private let lane: Int
    private let counts: LaneCounts
    private let journal: LaneJournal
    var latencies = LaneLatencies()

    init(lane: Int, counts: CountLedger, journal: WriteJournal) {
        self.ledger = counts
        self.lane = lane
        self.counts = counts.lane(lane)
        self.journal = journal.lane(lane)
    }

    func received(_ operation: CompiledOperation) { counts.received(operation.index) }
    func settled(_ operation: CompiledOperation, _ verdict: Verdict) { counts.settled(operation.index, verdict) }
    func reached(_ bound: Bound) { counts.reached(bound) }

    /// A write goes to the primary: from now on an unclean stop leaves its keys unverified. nil when the table is full.
    func beginWrite(_ keys: KeyList) -> Int? {
        let slot = keys.only.map { journal.begin($0.text) } ?? journal.begin(keys.map(\.text))
        if slot == nil { counts.reached(.writeJournal) }
        return slot
    }

    func endWrite(_ slot: Int) { journal.end(slot) }

    var totals: [OperationCounts] { ledger.totals(lane: lane) }

    var bounds: [Bound: Int] {
        var reached: [Bound: Int] = [:]
        for bound in Bound.allCases {
            let count = counts.count(of: bound)
            if count > 0 { reached[bound] = count }
        }
        return reached
    }
}
