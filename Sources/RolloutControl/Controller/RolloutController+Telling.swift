internal import Migration

/// Who is told of what.
extension RolloutController {
    /// Sends the notices of a step, each with the log's head.
    func tell(_ actions: [RolloutAction], affectedKeys: Int?) async {
        let kinds = actions.compactMap { action -> RolloutNoticeKind? in
            if case .audit(let entry) = action { Self.kind(of: entry.action) } else { nil }
        }
        let asks = actions.contains { if case .askApproval = $0 { true } else { false } }
        let mismatches = actions.compactMap { action -> [String: String]? in
            if case .audit(let entry) = action, entry.action == "rolled-back" { entry.details } else { nil }
        }
        let left = actions.compactMap { action -> String? in
            if case .audit(let entry) = action { entry.details["from"] } else { nil }
        }
        var rest = kinds[...]
        let plan = setup.plan
        for action in actions {
            switch action {
            case .notice(let notice):
                let kind = rest.popFirst() ?? (notice.severity == .information ? .promotion : .warning)
                // What suffices for a promotion is told with the question for approval.
                if kind == .promotion, kinds.isEmpty, asks { continue }
                var stop = StopFacts()
                let isStop = kind == .rollback || kind == .kill
                if isStop { stop.affectedKeys = affectedKeys }
                if kind == .rollback {
                    stop.operations = mismatches.compactMap { $0["operation"] }
                    stop.place = mismatches.first?["place"]
                }
                await send(notice, kind, stop, at: isStop ? left.first : nil)
            case .askApproval(let step, let missing):
                let reason = document.state.verdict?.reason ?? "the evidence suffices"
                let roles = missing.map(\.description).joined(separator: ", ")
                await send(
                    RolloutNotice(
                        .information,
                        "\(plan.name): \(step > plan.lastStep ? "the legacy's retirement" : plan.title(of: step)) waits for approval by \(roles): \(reason)."
                    ), .approval)
            default: continue
            }
        }
    }

    /// - Parameter stage: where it happened; nil: where the rollout is now.
    private func send(
        _ notice: RolloutNotice, _ kind: RolloutNoticeKind, _ stop: StopFacts = StopFacts(), at stage: String? = nil
    ) async {
        var standing = standing
        if let stage, let step = (0...setup.plan.lastStep).first(where: { setup.plan.title(of: $0) == stage }) {
            standing.stage = stage
            standing.audience = setup.plan.audienceMoving(at: step)
        }
        await teller.tell(
            notice, kind: kind, audience: standing.audience, stage: standing.stage, head: disk.head, stop: stop)
    }

    /// Of the entries that have a notice; nil for the others.
    private static func kind(of action: String) -> RolloutNoticeKind? {
        switch action {
        case "rolled-back": .rollback
        case "killed": .kill
        case "promoted": .promotion
        case "released": .released
        case "resumed": .resumed
        case "retired": .retired
        case "paused", "release-asked", "maximum-reached", "evidence-voided": .warning
        default: nil
        }
    }
}
