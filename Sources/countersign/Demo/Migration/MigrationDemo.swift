import Foundation
import Migration
import Reports
import RolloutControl

/// The story of a migration in two acts: all the way up with proof at each step, and a fault that only shows once half of the traffic has
/// moved. Each step throws when what it shows is not so.
struct MigrationDemo {
    let folder: DemoFolder
    let cast: ProgramCast
    let rate: Int
    private let screen = Screen.standard
    private let inbox = WebhookInbox()
    private let desk = MigrationDesk()

    init(folder: DemoFolder, cast: ProgramCast, rate: Int) {
        self.folder = folder
        self.cast = cast
        self.rate = rate
    }

    func play() async throws {
        screen.print(
            screen.paint("Countersign", .strong) + ": a service takes over from a core system, under load, stage by stage.")
        let webhook = try await inbox.open()
        defer { inbox.close() }
        try await playTheWayUp(webhook)
        try await playTheFault(webhook)
    }

    // MARK: Act 1

    private func playTheWayUp(_ webhook: String) async throws {
        screen.act(1, "from the shadow to 0/100")
        var pair = try await MigrationPair.start("up", isAutomatic: false, webhook: webhook, in: folder, cast: cast)
        screen.introduce(legacy: pair.legacy, candidate: pair.candidate, proxy: pair.proxy, admin: pair.admin)
        screen.print("  the plan         " + folder.file("up-plan.yaml").path)
        let load = try MigrationLoad.start(pair, rate: rate, seed: 1)
        while let next = try await desk.status(pair).next {
            let ready = try await proved(pair)
            if ready.stage == "all 90/10" {
                screen.note("the candidate is restarted, as by a deployment")
                try await pair.restartCandidate()
            }
            if ready.stage == "all 50/50" {
                screen.note("the proxy is restarted; its listening socket is handed on, and the rollout goes on where it was")
                try await pair.restartProxy()
                guard try await desk.status(pair).stage == ready.stage else { throw failed("the restart moved traffic") }
            }
            try await desk.order(pair, by: "kim", ["promote"])
            if !ready.approvalsMissing.isEmpty { try await desk.order(pair, by: "lee", ["approve"]) }
            guard try await desk.wait(pair, seconds: 10, until: { $0.stage == next }) != nil else {
                throw failed("\(next) did not begin")
            }
            screen.print(screen.paint("  \(next)", .strong))
        }
        // At the end the legacy is the shadow.
        let end = try await proved(pair)
        guard end.audiences.allSatisfy({ $0.candidate == 100_000 }) else { throw failed("somebody is still on the legacy") }
        try await finish(pair, load)
        try await reconcile(pair)
        let log = pair.state.appendingPathComponent("audit.jsonl").path
        let (status, lines) = try await cast.run(
            "countersign audit verify", "countersign", ["audit", "verify", log, "--head", end.head.description],
            log: folder.file("audit.log"))
        guard status == 0 else { throw failed("the audit log does not verify: \(lines.joined(separator: " "))") }
        screen.good(
            "everybody is on the candidate, the ledgers are equal to the won, the audit log verifies: \(lines.first ?? "")")
        await pair.stop()
    }

    /// The figures on which one more stage may begin.
    private func proved(_ pair: MigrationPair) async throws -> RolloutStatus {
        let ready = try await desk.wait(pair, seconds: 90) { status in
            status.latch != nil
                || status.verdict?.decision == .promote && status.holds.count <= (status.approvalsMissing.isEmpty ? 0 : 1)
        }
        guard let ready, ready.latch == nil, let verdict = ready.verdict else {
            throw failed(
                "the evidence did not suffice in time, or the rollout rolled back: see \(folder.file("\(pair.act)-proxy.log").path)"
            )
        }
        let figures = verdict.operations.map { "\($0.name) \(ReportText.number($0.comparisons))" }.joined(separator: ", ")
        let mismatches = verdict.operations.reduce(0) { $0 + $1.mismatches }
        screen.print("  proved at \(ready.stage): \(figures) compared, \(ReportText.number(mismatches)) of them different")
        return ready
    }

    // MARK: Act 2

    private func playTheFault(_ webhook: String) async throws {
        // Own payouts a second at 10 % with developers and staff, and at 50 %, lie on either side of it.
        let above = max(1, rate / 10)
        screen.act(2, "a fault that only shows at 50 %, promoted by policy")
        let flags = ["--fault", "round-half-up", "--fault-above", String(above)]
        screen.note("the candidate rounds up, but only while it answers more than \(above) payouts a second itself")
        let pair = try await MigrationPair.start(
            "fault", candidateFaults: flags, isAutomatic: true, webhook: webhook, in: folder, cast: cast)
        screen.introduce(legacy: pair.legacy, candidate: pair.candidate, proxy: pair.proxy, admin: pair.admin)
        inbox.empty()
        let load = try MigrationLoad.start(pair, rate: rate, seed: 2)
        let end = try await climbAlone(pair)
        guard let latch = end.latch else { throw failed("the fault was not found") }
        screen.print(screen.paint("  rolled back: \(latch.reason)", .bad))
        let letter = await inbox.first(within: 20) { $0.contains("rolled back") }.flatMap { Letter(slack: $0) }
        guard let letter else { throw failed("the rollback raised no alert") }
        screen.print("  The alert, as its reader sees it:")
        screen.print(letter.framed(width: screen.width))
        try await finish(pair, load)
        try await showAffected(pair)
        await pair.stop()
    }

    /// Nobody asks for the stages; one of them needs somebody's word.
    private func climbAlone(_ pair: MigrationPair) async throws -> RolloutStatus {
        var stage = ""
        for _ in 0..<720 {
            let status = try await desk.status(pair)
            if status.latch != nil {
                guard stage == "all 50/50" else { throw failed("it rolled back at \(stage), and not at all 50/50") }
                return status
            }
            if status.stage != stage {
                stage = status.stage
                screen.print(screen.paint("  \(stage)", .strong))
            }
            if status.verdict?.decision == .promote, !status.approvalsMissing.isEmpty, status.approvals.isEmpty {
                try await desk.order(pair, by: "lee", ["approve"])
            }
            try await Task.sleep(for: .milliseconds(250))
        }
        throw failed("the fault was not found in three minutes")
    }

    /// The accounts whose callers the candidate paid are on the list of those that it had written; what it got wrong is known to the won. It was
    /// wrong as the shadow as well, for a moment: those callers were answered, and paid, by the legacy. Where that was found first, the rollback
    /// can come before the candidate has paid anybody too much.
    private func showAffected(_ pair: MigrationPair) async throws {
        let status = try await desk.status(pair)
        guard let name = status.keysFile else { throw failed("the rollback left no list of keys") }
        let list = pair.state.appendingPathComponent(name)
        let listed = try AffectedKeyList(list)
        screen.print(
            "  \(ReportText.count(listed.keys.count, "account")) had been written by the candidate; to go back to the legacy, \(listed.needs)"
        )
        screen.print("  the list         \(list.path)")
        let differences = try await reconciliation(pair)
        let paid = differences.accounts.intersection(listed.keys)
        let shadowed = differences.accounts.subtracting(listed.keys)
        guard !differences.isEqual else { throw failed("the fault left no trace in the ledgers") }
        guard listed.keys.count > paid.count else { throw failed("every account differs: the ledgers prove nothing") }
        let mirrored = (count: ReportText.number(shadowed.count), won: differences.won(of: shadowed))
        guard !paid.isEmpty else {
            return screen.good(
                "the rollback came before the candidate paid anybody too much itself; its books of \(mirrored.count) accounts that the "
                    + "legacy paid are off by \(mirrored.won) won, against the legacy, which answers again")
        }
        screen.good(
            "the candidate's books of \(ReportText.count(paid.count, "account")) that it paid itself are off by "
                + "\(differences.won(of: paid)) won together, \(mirrored.count) that the legacy paid by \(mirrored.won) won, against the "
                + "legacy, which answers again")
    }

    // MARK: Steps

    private func finish(_ pair: MigrationPair, _ load: MigrationLoad) async throws {
        let summary = try await load.end()
        screen.print("  " + summary.sentence)
        guard summary.failed == 0 else { throw failed("\(ReportText.count(summary.failed, "call")) failed") }
        screen.good("no call failed")
        // What the shadow has yet to take, and what is being compared.
        let settled = try await desk.wait(pair, seconds: 30) { $0.handOvers.keysBehind == 0 && $0.handOvers.writesWaiting == 0 }
        guard settled != nil else { throw failed("the shadow has not caught up") }
    }

    private func reconcile(_ pair: MigrationPair) async throws {
        let differences = try await reconciliation(pair)
        guard differences.isEqual else { throw failed("the ledgers differ") }
    }

    private func reconciliation(_ pair: MigrationPair) async throws -> LedgerDifferences {
        let file = folder.file("\(pair.act)-reconciliation.json")
        _ = try await cast.run(
            "bank reconcile", "bank",
            ["reconcile", "--legacy", pair.legacy, "--payout", pair.candidate, "--list", "100000", "--json", file.path],
            log: folder.file("\(pair.act)-reconcile.log"))
        return try LedgerDifferences(file)
    }

    private func failed(_ sentence: String) -> any Error { ExitStatus.differ.because(sentence) }
}
