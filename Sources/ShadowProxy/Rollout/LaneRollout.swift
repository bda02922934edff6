import Migration
import Verdicts

/// A lane's part of a rollout: what it tells the rollout, and what it asks of it.
final class LaneRollout {
    /// Outcomes of one lane between two looks, of either kind.
    static let recordsMax = 65_536

    let audience: AudienceSource
    let store: any WrittenKeyStore
    /// Lower case; nil where builds are not told apart.
    let buildHeader: String?
    private let ring: @Sendable () -> Void
    private var isRung = false

    private var records: [TrafficRecord] = []
    /// How many of them speak against a side.
    private var bad = 0
    private(set) var dropped = 0

    var build: String?
    /// Once a second the next answer of the candidate is asked for its build.
    var isBuildDue = true

    // Positive controls
    var isControlDue = false
    var controlsPlanted = 0
    var controlsSeen = 0

    init(_ traffic: RolloutTraffic) {
        audience = traffic.audience
        store = traffic.store
        buildHeader = traffic.buildHeader?.lowercased()
        ring = traffic.ring
    }

    /// False when there was no room.
    func record(_ record: TrafficRecord) -> Bool {
        let isGood = record.comparison == .match && !record.candidateFailed && record.legacyFailed != true
        // Each kind has room of its own: matches can't crowd out what a rollback waits for.
        guard isGood ? records.count - bad < Self.recordsMax : bad < Self.recordsMax else {
            // Of the bad ones nobody misses those that follow tens of thousands.
            if isGood { dropped += 1 }
            return false
        }
        records.append(record)
        guard !isGood else { return true }
        bad += 1
        tell()
        return true
    }

    /// There is something that should not wait for the next look.
    func tell() {
        guard !isRung else { return }
        isRung = true
        ring()
    }

    /// In the order in which they came.
    func take() -> [TrafficRecord] {
        isRung = false
        bad = 0
        defer { records.removeAll(keepingCapacity: records.count < 4_096) }
        return records
    }
}
