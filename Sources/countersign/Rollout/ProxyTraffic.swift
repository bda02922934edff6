import Migration
import ProxyConfiguration
import RolloutControl
import ShadowProxy
import Synchronization
import Verdicts

/// A running proxy as its rollout sees it.
final class ProxyTraffic: TrafficPlane {
    private let proxy: ShadowProxy
    private let written: SQLWrittenKeys
    private let database: StateDatabase
    private let evidence: EvidenceWriter
    private let build: RolloutSettings.CandidateBuild
    private let known: Mutex<Known>
    let bell: AsyncStream<Void>

    /// - Parameter bell: what the lanes ring.
    init(
        proxy: ShadowProxy, written: SQLWrittenKeys, database: StateDatabase, evidence: EvidenceWriter, plan: ProxyPlan,
        settings: RolloutSettings,
        bell: AsyncStream<Void>
    ) {
        self.proxy = proxy
        self.written = written
        self.database = database
        self.evidence = evidence
        self.bell = bell
        build = settings.candidateBuild
        let first = if case .text(let text) = settings.candidateBuild { text } else { "" }
        known = Mutex(Known(rules: RulesFingerprint.of(plan), build: first))
    }

    /// What evidence is about, as last seen.
    private struct Known {
        var rules: String
        /// Empty until the candidate has said which one it is.
        var build: String
        /// Another build, and since when nobody has named any but this: while builds are exchanged both answer in turn.
        var next: (name: String, since: ContinuousClock.Instant)?

        static let settled = Duration.seconds(5)

        mutating func saw(_ name: String, at now: ContinuousClock.Instant) {
            if name == build || build.isEmpty {
                build = name
                next = nil
            } else if let next, next.name == name {
                if now - next.since >= Self.settled {
                    build = name
                    self.next = nil
                }
            } else {
                next = (name, now)
            }
        }
    }

    /// The proxy goes by another plan from now on.
    func rulesChanged(_ plan: ProxyPlan) {
        let rules = RulesFingerprint.of(plan)
        known.withLock { $0.rules = rules }
    }

    // MARK: Orders

    func place(_ table: PlacementTable) async { await proxy.place(table) }

    func returnWrittenKeys() async throws {
        await proxy.forgetWrittenKeys()
        try written.forgetAll()
    }

    func retire() async { await proxy.retireLegacy() }

    // MARK: Questions

    func collect() async -> TrafficFindings {
        let findings = await proxy.collect()
        if case .header = build, let name = findings.candidateBuild { known.withLock { $0.saw(name, at: .now) } }
        return findings
    }

    func basis() async -> EvidenceBasis {
        known.withLock { EvidenceBasis(candidateBuild: $0.build, rules: $0.rules) }
    }

    func standing() async -> HandOverStanding { await proxy.handOvers() }

    func writtenKeys() async throws -> [WrittenKey] {
        let behind = try CatchUpListing(database).behind()
        let standings = try Dictionary(
            KeyStandings(database).list().map { ($0.key, $0.standing) }, uniquingKeysWith: { first, _ in first })
        let all = try written.all()
        // What led to a rollback may still wait for its writer.
        _ = await evidence.flush(withinMs: 200)
        // A figure for people: the list of keys does not fail for want of it.
        let mismatches = all.isEmpty ? [:] : (try? EvidenceReader(database).mismatchesOfWrittenKeys()) ?? [:]
        return all.map { entry in
            let missed = behind[entry.key].map { $0.side == .legacy ? $0.writes : 0 } ?? 0
            return WrittenKey(
                key: entry.key, notedAt: entry.notedAt, writesBehind: missed, isDiverged: standings[entry.key] == .diverged,
                isUnverified: standings[entry.key] == .unverified, mismatches: mismatches[entry.key] ?? 0)
        }
    }

    func unpublishedKeys(limit: Int) async throws -> [String] { try written.unpublished(limit: limit) }

    func published(_ keys: [String]) async throws { try written.markPublished(keys) }

    func note(_ keys: [String]) async throws {
        // The lanes first: that a key stays where it was written must not wait for this disk.
        await proxy.learn(written: keys)
        try written.note(ofOthers: keys)
    }
}
