import ArgumentParser
import Foundation
import Reports
import Verdicts

/// The demo's acts, in order. Each throws when what it shows is not so.
struct Demo {
    let folder: DemoFolder
    let cast: ProgramCast
    let seconds: Int
    let rate: Int
    let fault: String
    private let screen = Screen.standard
    private let inbox = WebhookInbox()

    init(folder: DemoFolder, cast: ProgramCast, seconds: Int, rate: Int, fault: String) {
        self.folder = folder
        self.cast = cast
        self.seconds = seconds
        self.rate = rate
        self.fault = fault
    }

    func play() async throws {
        screen.print(
            screen.paint("Countersign", .strong) + ": two services, every caller answered by one of them, every answer compared.")
        let webhook = try await inbox.open()
        defer { inbox.close() }
        let first = try await playEqualSides(webhook)
        try Task.checkCancellation()
        let second = try await playFault(webhook)
        try Task.checkCancellation()
        try await playReconciliation(first)
        try await playReport(first, second)
    }

    // MARK: Act 1

    private func playEqualSides(_ webhook: String) async throws -> DemoPair {
        screen.act(1, "equal sides")
        let pair = try await DemoPair.start("equal", webhook: webhook, in: folder, cast: cast)
        screen.introduce(legacy: pair.legacy, candidate: pair.candidate, proxy: pair.proxy, admin: pair.admin)
        try await drive(pair, "equal", seconds: seconds, seed: 1)
        let report = try await settledReport(pair, "equal")
        DemoFigures(report: report, screen: screen).print()
        guard report.count(.mismatch) == 0, report.compared > 0, report.isConserved else {
            throw failed("equal sides should give comparisons and no mismatch: \(report.finding.headline)")
        }
        if inbox.count > 0 { throw failed("equal sides raised an alert") }
        screen.good("\(report.finding.headline), no alert")
        return pair
    }

    // MARK: Act 2

    private func playFault(_ webhook: String) async throws -> DemoPair {
        screen.act(2, "the same candidate with a fault: \(fault)")
        let pair = try await DemoPair.start("faulty", fault: fault, webhook: webhook, in: folder, cast: cast)
        screen.introduce(legacy: pair.legacy, candidate: pair.candidate, proxy: pair.proxy, admin: pair.admin)
        async let driving: Void = drive(pair, "faulty", seconds: max(2, seconds / 2), seed: 2)
        let letter = await inbox.first(within: max(2, seconds / 2) + 15).flatMap { Letter(slack: $0) }
        let proof = try await replay(letter, pair)
        try await driving
        guard let letter else { throw failed("the candidate has a fault and no alert came") }
        screen.print("  The alert, as its reader sees it:")
        screen.print(letter.framed(width: screen.width))
        if let proof {
            screen.print(screen.paint("$ " + proof.command, .soft))
            for line in proof.lines { screen.print("  " + line) }
        }
        let report = try await settledReport(pair, "faulty")
        DemoFigures(report: report, screen: screen).print()
        guard report.count(.mismatch) > 0 else { throw failed("the candidate has a fault and no mismatch was found") }
        guard proof != nil else { throw failed("replay did not show the mismatch again") }
        screen.good("caught: \(report.finding.headline), \(ReportText.count(report.incidents.count, "incident")), replayed")
        return pair
    }

    private struct Proof {
        var command: String
        var lines: [String]
    }

    /// Replays what the alert names. A read is asked again of both sides; a write, or a read whose account has moved since, is made
    /// again on two fresh services.
    private func replay(_ letter: Letter?, _ pair: DemoPair) async throws -> Proof? {
        guard let id = letter?.evidenceID else { return nil }
        let plain = ["replay", id, "--state", pair.state.path]
        for arguments in [plain, plain + ["--start", "--fault", fault]] {
            let (status, lines) = try await cast.run(
                "countersign replay", "countersign", arguments, log: folder.file("replay.log"))
            if status == ExitStatus.differ.rawValue {
                return Proof(command: "countersign " + arguments.joined(separator: " "), lines: lines)
            }
        }
        return nil
    }

    // MARK: Acts 3 and 4

    private func playReconciliation(_ pair: DemoPair) async throws {
        screen.act(3, "the ledgers of act 1")
        let (status, lines) = try await cast.run(
            "bank reconcile", "bank", ["reconcile", "--legacy", pair.legacy, "--payout", pair.candidate],
            log: folder.file("reconcile.log"))
        for line in lines { screen.print("  " + line) }
        guard status == 0 else {
            throw failed(
                ProgramFailure.describe("bank reconcile", "found the ledgers different", log: folder.file("reconcile.log")))
        }
        screen.good("equal to the won")
    }

    private func playReport(_ first: DemoPair, _ second: DemoPair) async throws {
        screen.act(4, "the reports")
        for (pair, name) in [(first, "equal"), (second, "faulty")] {
            let file = folder.report(name)
            let (status, _) = try await cast.run(
                "countersign report", "countersign",
                ["report", "--format", "html", "--state", pair.state.path, "--out", file.path], log: folder.file("report.log"))
            guard status == 0 else {
                throw failed(ProgramFailure.describe("countersign report", "failed", log: folder.file("report.log")))
            }
            screen.print("  \(name == "equal" ? "equal sides" : "with the fault"): \(file.path)")
        }
    }

    // MARK: Steps

    private func drive(_ pair: DemoPair, _ name: String, seconds: Int, seed: Int) async throws {
        let json = folder.file("\(name)-drive.json").path
        let (status, _) = try await cast.run(
            "bank drive", "bank",
            [
                "drive", "--target", pair.proxy, "--fixture", try DemoFolder.fixture("accounts.jsonl").path, "--rate",
                String(rate),
                "--duration", "\(seconds)s", "--connections", "16", "--seed", String(seed), "--run-id", "demo-\(seed)", "--mix",
                "previews=55,payouts=25,deposits=8,withdrawals=7,transfers=5", "--json", json,
            ], log: nil)
        try Task.checkCancellation()
        guard status == 0 else { throw failed("bank drive ended with status \(status)") }
        let report = try JSONDecoder().decode(DriveSummary.self, from: InputFile.bytes(json))
        screen.print("  " + report.sentence)
    }

    /// The report when nothing is under way any more.
    private func settledReport(_ pair: DemoPair, _ name: String) async throws -> RunReport {
        for _ in 0..<150 {
            let report = try await report(pair, name)
            if report.inFlight + report.awaitingComparison == 0, !report.keys.contains(where: { $0.standing == .behind }) {
                return report
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw failed("the proxy still had comparisons under way half a minute after the load")
    }

    private func report(_ pair: DemoPair, _ name: String) async throws -> RunReport {
        let file = folder.file("\(name).json")
        let (status, _) = try await cast.run(
            "countersign report", "countersign",
            ["report", "--format", "json", "--state", pair.state.path, "--out", file.path], log: folder.file("report.log"))
        try Task.checkCancellation()
        guard status == 0 else {
            throw failed(ProgramFailure.describe("countersign report", "failed", log: folder.file("report.log")))
        }
        return try JSONReport.read(Data(contentsOf: file))
    }

    private func failed(_ sentence: String) -> ExitCode { ExitStatus.differ.because(sentence) }
}
