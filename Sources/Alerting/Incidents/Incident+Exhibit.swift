import Comparison
import Verdicts

/// What an incident shows of evidence that is not its own: a rollback shows the mismatch that led to it, and that it mutes.
extension Incident {
    /// Older evidence is of something else: an incident may have been open for long.
    private static let youngEnough: Int64 = 60_000_000

    /// Shows what an incident was opened by a moment ago, at the place where this one's mismatch was.
    mutating func showLatest(at place: MismatchPlace, _ connection: any SQLConnection) throws {
        let oldest = lastSeen - Self.youngEnough
        let causes = try Incident.live(connection, group: place.operation).filter {
            $0.kind == Trouble.mismatch.rawValue && $0.rollout == nil && $0.life.openedAt >= oldest
        }
        for cause in causes.sorted(by: { $0.life.openedAt > $1.life.openedAt }) {
            guard let exhibit = try cause.withExhibit(connection).exhibit, let difference = exhibit.difference(at: place.path)
            else { continue }
            return show(exhibit, legacy: difference.legacy, candidate: difference.candidate)
        }
    }

    /// Shows evidence that has just come, if it is of the place where this one's mismatch was.
    ///
    /// - Returns: whether it does.
    mutating func show(_ evidence: Evidence, settings: AlertSettings) -> Bool {
        guard let place = rollout?.place, place.operation == evidence.operation, evidence.verdict == .mismatch,
            evidence.persistence != .noise, evidence.recordedAtMicroseconds >= lastSeen - Self.youngEnough,
            let difference = evidence.differences.first(where: { !$0.tolerated && $0.genericPath == place.path })
        else { return false }
        let isLegacyFirst = evidence.primaryIsLegacy
        show(
            IncidentExhibit(evidence, settings: settings), legacy: isLegacyFirst ? difference.primary : difference.shadow,
            candidate: isLegacyFirst ? difference.shadow : difference.primary)
        return true
    }

    private mutating func show(_ exhibit: IncidentExhibit, legacy: String?, candidate: String?) {
        self.exhibit = exhibit
        legacyValue = legacy
        candidateValue = candidate
        rollout?.place = nil
    }

    /// What was shown of an earlier time is not of this one.
    mutating func hideExhibit(_ connection: any SQLConnection) throws {
        exhibit = nil
        legacyValue = nil
        candidateValue = nil
        try connection.execute("UPDATE incident SET sample = NULL WHERE fingerprint = ?", [.text(fingerprint)])
    }

    /// Rollbacks and kills that are open, and have yet to show what led to them.
    static func wanting(_ connection: any SQLConnection) throws -> [Incident] {
        let rows = try connection.rows("SELECT fingerprint, rollout FROM incident WHERE rollout IS NOT NULL AND state = 'open'")
        let wanting = try rows.filter { NoticeJSON.decode(RolloutMark.self, try $0.text(1))?.place != nil }
        return try wanting.compactMap { try fetch(connection, fingerprint: try $0.text(0)) }
    }
}

extension Evidence {
    var primaryIsLegacy: Bool { (primary?.side ?? shadow?.side.other ?? .legacy) == .legacy }
}
