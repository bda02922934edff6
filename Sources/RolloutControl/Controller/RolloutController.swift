internal import Foundation
public import Migration
internal import Synchronization

/// Carries a plan out: takes what came of the traffic and what people order, and moves the traffic, the audit log and the people who are to
/// be told. docs/migration.md tells its rules; `Rollout` decides, this does.
///
/// Two orders of work are never given up. What raises the share is in the audit log and in the record, on the disk, before a lane hears of
/// it. What takes the share away reaches the lanes first, and is owed to the record, the log and the other proxies until they have it.
public actor RolloutController {
    let setup: RolloutSetup
    let rules: RolloutRules
    let plane: any TrafficPlane
    let teller: any RolloutTeller
    let exchange: (any RolloutExchange)?
    let disk: any RolloutDisk
    let now: @Sendable () -> Instant
    let log: @Sendable (String) -> Void
    let placer: Placer
    /// Held while the record changes.
    let turns = Turns()
    /// What can be read without waiting.
    let present: Mutex<RolloutStanding>

    var record: RolloutRecord
    /// The record's document with what is owed.
    var document: RolloutDocument
    /// What decides; nil where another proxy leads.
    var keeper: EvidenceKeeper?
    /// What is watched here for alarms alone, where the evidence is gathered by a leader.
    var alarms: EvidenceKeeper?
    var controls: ControlWatch
    var findings = TrafficFindings()
    var droppedOutcomes = 0
    /// What calls for a rollback and has yet to be entered.
    var alarm: Alarm?
    /// Rises whenever evidence begins anew.
    var evidenceRound = 0
    /// Why what was gathered before can't be gone on with; the try that it belonged to is spent.
    var lostEvidence: String?
    var evidenceDueAt = Instant(milliseconds: 0)
    /// What is wrong now, by what it is about: sentences for a status page.
    var troubles: [String: String] = [:]
    var killFileSeenAt: Instant?
    /// When people last heard of a candidate that fails and can't be rolled back any more.
    var toldSinceRetired: Instant?
    var share = ShareState()

    /// Opens what an earlier run left. Nothing is placed yet.
    ///
    /// - Parameters:
    ///   - exchange: Where other proxies carry the same plan out; nil for a proxy on its own.
    ///   - log: Hears of what is wrong and of what is well again.
    /// - Throws: ``RolloutStartError``: a state of another ladder, of a newer form or spoiled; an audit log that is not as it was written.
    public init(
        _ setup: RolloutSetup, plane: any TrafficPlane, teller: any RolloutTeller, exchange: (any RolloutExchange)? = nil,
        now: @escaping @Sendable () -> Instant = WallTime.instant, log: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(RolloutStartError) {
        let opened = try RolloutOpening.folder(setup)
        try self.init(
            setup, plane: plane, teller: teller, exchange: exchange, disk: opened, now: now, log: log)
    }

    init(
        _ setup: RolloutSetup, plane: any TrafficPlane, teller: any RolloutTeller, exchange: (any RolloutExchange)?,
        disk: any RolloutDisk, now: @escaping @Sendable () -> Instant, log: @escaping @Sendable (String) -> Void
    ) throws(RolloutStartError) {
        self.setup = setup
        self.plane = plane
        self.teller = teller
        self.exchange = exchange
        self.disk = disk
        self.now = now
        self.log = log
        rules = RolloutRules(plan: setup.plan, isAutomatic: setup.isAutomatic)
        record = try RolloutOpening.record(disk, rules, setup.folder, at: now())
        document = try RolloutOpening.applying(record.owed, to: record.document, rules)
        controls = ControlWatch(patienceMs: setup.controlPatienceMs)
        placer = Placer(plane: plane, table: rules.placement(document))
        present = Mutex(Self.standing(setup.plan, document.state, disk.head, isShared: exchange != nil, awaySince: nil))
    }

    /// Where the rollout stands, without waiting for anything.
    public nonisolated var standing: RolloutStanding { present.withLock { $0 } }

    func publishStanding() {
        var standing = Self.standing(
            setup.plan, document.state, disk.head, isShared: exchange != nil, awaySince: share.awaySince)
        let now = now()
        present.withLock { before in
            standing.past =
                before.stage == standing.stage
                ? before.past : RolloutStanding.Past(stage: before.stage, audience: before.audience, endedAt: now)
            before = standing
        }
    }

    private static func standing(
        _ plan: RolloutPlan, _ state: RolloutState, _ head: AuditHead, isShared: Bool, awaySince: Instant?
    ) -> RolloutStanding {
        RolloutStanding(
            stage: plan.title(of: state.step), audience: plan.audienceMoving(at: state.step), head: head,
            isKilled: state.kill != nil, latchReason: state.latch?.reason, isRetired: state.isRetired, isShared: isShared,
            awaySince: awaySince)
    }

    // MARK: What is wrong

    /// - Parameter sentence: nil when it is well again.
    func trouble(_ about: String, _ sentence: String?) {
        guard troubles[about] != sentence else { return }
        troubles[about] = sentence
        log(sentence ?? "\(about): well again")
    }

    func storeRecord() throws(RolloutRefusal) {
        do {
            try disk.replace(RolloutFolder.recordName, with: try record.encoded())
            trouble("the rollout's state", nil)
        } catch {
            let sentence = "The rollout's state is not stored: \(error)."
            trouble("the rollout's state", sentence)
            throw RolloutRefusal(.unavailable, sentence)
        }
    }

    func storeEvidence() async {
        guard let keeper, exchange == nil else { return }
        let began = now()
        do {
            try disk.replace(RolloutFolder.evidenceName, with: try keeper.encoded())
            self.keeper?.stored()
            trouble("the evidence", nil)
        } catch {
            trouble("the evidence", "The evidence is not stored: \(error).")
        }
        // A large one is stored less often, so that it never takes more than a twentieth of the time.
        evidenceDueAt = now().advanced(byMilliseconds: max(setup.evidenceEveryMs, 20 * now().since(began)))
    }

    func newEvidence(_ basis: EvidenceBasis) throws(RolloutError) -> StageEvidence {
        try rules.rollout(document).newEvidence(basis: basis)
    }
}

/// What calls for a rollback.
struct Alarm: Sendable {
    var trigger: RollbackTrigger
    /// How often the placer was asked to roll back for it.
    var rollbacks = 0
}

/// The time as the machine's clock tells it.
public enum WallTime {
    @Sendable public static func instant() -> Instant {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}

extension RolloutPlan {
    /// The audience whose share rises at this step; the first one in the shadow.
    func audienceMoving(at step: Int) -> String {
        let index = position(at: step)?.audience ?? 0
        return audiences.indices.contains(index) ? audiences[index].name : name
    }
}
