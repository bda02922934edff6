import Verdicts

/// Deletes what nobody asks for any more, so that a store does not grow for ever: notices that are delivered or given up, and the incidents
/// that the rollout's news, told once, has left.
enum OldRows {
    /// Microseconds; of heartbeats the next one replaces the last.
    static let deliveredKept: Int64 = 30 * 86_400_000_000
    /// Dead letters, and the rollout's news.
    static let kept: Int64 = 90 * 86_400_000_000
    /// The latest, of notices and of the rollout's news, however young.
    static let rowsMax = 10_000
    /// Between two looks.
    static let everyMicroseconds: Int64 = 600_000_000

    /// What waits, and what is open or has an end to tell, stays.
    static func delete(now: Int64, rowsMax: Int = rowsMax, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            DELETE FROM notice WHERE (state = 'delivered' AND created_at < ?) OR (state = 'dead' AND created_at < ?)
                OR (state <> 'waiting' AND id <= (SELECT id FROM notice ORDER BY id DESC LIMIT 1 OFFSET ?))
            """, [.integer(now - deliveredKept), .integer(now - kept), SQLValue(rowsMax)])
        // Rollbacks and kills stay: the order numbers of their notices go on with the next.
        let news = "rollout IS NOT NULL AND kind NOT IN ('rollback', 'kill')"
        try connection.execute(
            """
            DELETE FROM incident WHERE \(news) AND state = 'resolved' AND told_step = 'resolved' AND (last_seen < ? OR last_seen <=
                (SELECT last_seen FROM incident WHERE \(news) ORDER BY last_seen DESC LIMIT 1 OFFSET ?))
            """, [.integer(now - kept), SQLValue(rowsMax)])
    }
}
