import Comparison

/// Whether there is something to tell of an incident, and since when it may be told.
extension Incident {
    /// Graver than when it was last told of.
    var isGraver: Bool { life.toldSeverity.map { severity > $0 } ?? false }

    /// What a notice would say now; nil when there is nothing new.
    func step(now: Int64, _ pace: AlertPace) -> IncidentStep? {
        switch (life.state, life.toldStep) {
        case (.resolved, .resolved): return nil
        case (.resolved, _): return .resolved
        case (.open, nil): return .opened
        case (.open, _):
            guard hasEvidence || rollout?.kind.staysOpen == true else { return nil }
            let isMany = hasEvidence && life.toldCount > 0 && count / 10 >= life.toldCount
            return isGraver || isMany || now >= repeatDue(pace) ? .updated : nil
        }
    }

    /// Whether it is told without waiting for anything.
    func isUrgent(_ pace: AlertPace) -> Bool {
        guard life.state == .open else { return rollout != nil }
        let isNews = life.toldStep == nil || isGraver
        return isNews && (severity == .critical || rollout != nil)
    }

    /// When it may be told, by its own: its group's interval comes on top. Microseconds since 1970.
    func due(_ step: IncidentStep, _ pace: AlertPace) -> Int64 {
        switch step {
        case .opened: life.openedAt + Int64(pace.groupWaitMs) * 1_000
        case .updated, .resolved: 0
        }
    }

    private func repeatDue(_ pace: AlertPace) -> Int64 { (life.toldAt ?? 0) + Int64(pace.repeatIntervalMs) * 1_000 }

    /// Another store's notice has told of it.
    mutating func noteToldElsewhere(at microseconds: Int64) {
        life.toldStep = .opened
        life.toldAt = microseconds
        life.toldCount = count
        life.toldSeverity = severity
    }

    /// It stands in a notice to these channels.
    mutating func noteTold(_ step: IncidentStep, to channels: Set<String>, at microseconds: Int64) {
        life.toldStep = step
        life.toldAt = microseconds
        life.toldCount = count
        life.toldSeverity = severity
        life.toldChannels.formUnion(channels)
    }
}
