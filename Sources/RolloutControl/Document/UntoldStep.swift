internal import Migration

/// What people have yet to be told of. It stands on the disk before what it tells of has happened, until they are told: a crash in between
/// tells them at the next start, perhaps once more.
struct UntoldStep: Sendable, Hashable, Codable {
    var actions: [RolloutAction]
    /// Of a stop: how many keys the candidate had written.
    var affectedKeys: Int?

    /// Nil when there is nothing in it for people.
    init?(_ actions: [RolloutAction]) {
        let isNews = actions.contains { action in
            switch action {
            case .notice, .askApproval: true
            default: false
            }
        }
        guard isNews else { return nil }
        self.actions = actions
    }
}
