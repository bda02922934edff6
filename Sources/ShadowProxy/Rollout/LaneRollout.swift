import Migration
import Verdicts

/// A lane's part of a rollout: what it tells the rollout, and what it asks of it.
final class LaneRollout {
    /// Outcomes of one lane between two looks, of either kind.
    static let settledMax = 65_536

    let audience: AudienceSource
    let store: any WrittenKeyStore
    /// Lower case; nil where builds are not told apart.
    let buildHeader: String?
    private let ring: @Sendable () -> Void
    private var isRung = false

    private var settled: [LaneFindings.Settled] = []
    /// How many of them speak against a side.
    private var bad = 0
    private(set) var dropped = 0

    var build: String?
    /// Once a second the next answer of the candidate is asked for its build.
    var isBuildDue = true

    // Positive controls
    var isControlDue = false
    var controls = ControlFigures()

    init(_ traffic: RolloutTraffic) {
        audience = traffic.audience
        store = traffic.store
        buildHeader = traffic.buildHeader?.lowercased()
        ring = traffic.ring
    }

    /// False when there was no room.
    func record(_ one: LaneFindings.Settled) -> Bool {
        let isGood = one.outcome.comparison == .match && !one.outcome.candidateFailed && one.outcome.legacyFailed != true
        // Each kind has room of its own: matches can't crowd out what a rollback waits for.
        guard isGood ? settled.count - bad < Self.settledMax : bad < Self.settledMax else {
            // Of the bad ones nobody misses those that follow tens of thousands.
            if isGood { dropped += 1 }
            return false
        }
        settled.append(one)
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
    func take() -> [LaneFindings.Settled] {
        isRung = false
        bad = 0
        defer { settled.removeAll(keepingCapacity: settled.count < 4_096) }
        return settled
    }
}
