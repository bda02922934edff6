import Verdicts

/// What an incident shows of evidence that is not its own: a rollback shows the mismatch that led to it, and that it mutes.
extension Incident {
    /// Shows what that incident was opened by, if it disagrees where this one's mismatch was.
    ///
    /// - Returns: whether it does.
    mutating func show(_ cause: Incident, _ connection: any SQLConnection) throws -> Bool {
        guard let place = rollout?.place, cause.kind == Trouble.mismatch.rawValue, cause.rollout == nil,
            let exhibit = try cause.withExhibit(connection).exhibit, let difference = exhibit.difference(at: place)
        else { return false }
        self.exhibit = exhibit
        legacyValue = difference.legacy
        candidateValue = difference.candidate
        rollout?.place = nil
        return true
    }

    /// What was shown of an earlier time is not of this one.
    mutating func hideExhibit(_ connection: any SQLConnection) throws {
        exhibit = nil
        legacyValue = nil
        candidateValue = nil
        try connection.execute("UPDATE incident SET sample = NULL WHERE fingerprint = ?", [.text(fingerprint)])
    }
}
