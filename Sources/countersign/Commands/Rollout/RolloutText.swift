import Migration
import Reports
import RolloutControl

/// A rollout's status for people: whether more may move comes first, then why.
struct RolloutText {
    let status: RolloutStatus

    init(_ status: RolloutStatus) { self.status = status }

    func print(_ screen: Screen) {
        screen.print("\(screen.paint("\(status.plan): \(status.stage)", .strong)), since \(status.since), try \(status.attempt)")
        screen.print(headline(screen))
        for hold in status.holds { screen.print("  - \(ReportText.visible(hold))") }
        people(screen)
        evidence(screen)
        traffic(screen)
        for trouble in status.troubles { screen.print(screen.paint("  ! \(ReportText.visible(trouble))", .bad)) }
    }

    private func headline(_ screen: Screen) -> String {
        if status.isRetired { return screen.paint("over: the legacy is retired", .strong) }
        if let kill = status.kill {
            let asked = kill.releases.isEmpty ? "" : "; release asked for by \(kill.releases.joined(separator: ", "))"
            return screen.paint(
                "KILLED by \(ReportText.visible(kill.by)): \(ReportText.visible(kill.reason))\(asked). Every key goes to the legacy.",
                .bad)
        }
        guard let next = status.next else {
            if !status.holds.isEmpty { return screen.paint("the legacy may not be retired:", .warning) }
            return screen.paint("the legacy may be retired", .good) + ": countersign rollout retire --reason …"
        }
        if !status.holds.isEmpty { return screen.paint("\(next) may not begin:", .warning) }
        return screen.paint("\(next) may begin", .good) + (status.isAutomatic ? ", by itself" : ": countersign rollout promote")
    }

    private func people(_ screen: Screen) {
        if let person = status.requestedBy { screen.print("  asked for by \(ReportText.visible(person))") }
        if !status.approvals.isEmpty {
            screen.print("  approved by \(ReportText.visible(status.approvals.joined(separator: ", ")))")
        }
        if !status.approvalsMissing.isEmpty {
            screen.print("  still to approve: \(status.approvalsMissing.map(\.description).joined(separator: ", "))")
        }
    }

    private func evidence(_ screen: Screen) {
        guard let verdict = status.verdict else { return screen.print("evidence  none yet") }
        screen.print("evidence  \(verdict.decision.rawValue): \(ReportText.visible(verdict.reason))")
        for figures in verdict.operations { screen.print("  \(ReportText.visible(figures.description))") }
        let build = verdict.basis.candidateBuild.isEmpty ? "not seen yet" : ReportText.visible(verdict.basis.candidateBuild)
        screen.print("  of the candidate's build \(build), rules \(verdict.basis.rules.prefix(12))")
    }

    private func traffic(_ screen: Screen) {
        let shares = status.audiences.compactMap { audience in
            Share(thousandths: audience.candidate).map { "\(audience.name) \($0.split)" }
        }
        screen.print("shares    \(shares.joined(separator: ", ")) (legacy/candidate)")
        let moves = status.handOvers
        screen.print(
            "keys      \(moves.writtenKeys) written by the candidate, \(moves.keysLeaving) changing sides with \(moves.writesWaiting) writes "
                + "waiting, \(moves.keysBehind) behind")
        if moves.keysMistrusted > 0 {
            screen.print(
                screen.paint(
                    "          \(moves.keysMistrusted) not trusted, and held where they are: countersign report lists them",
                    .warning))
        }
        if let file = status.keysFile { screen.print("          those of the last rollback: \(file) in the state folder") }
        screen.print("controls  \(status.controls.seen) of \(status.controls.planted) planted mismatches seen")
        let place = status.isShared ? status.isLeader ? ", shared; this proxy leads" : ", shared" : ""
        screen.print("audit     \(status.head)\(place)")
        if let since = status.awaySince { screen.print(screen.paint("          the shared store is away since \(since)", .bad)) }
    }
}
