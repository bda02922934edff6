import CaseDesign
import CaseMatrix
import Foundation
import MatrixRun
import RunRecords

/// A proof over several suites: the equal pair, then one candidate for each fault.
struct Proof {
    private let command: ProveCommand
    private let stage: RunStage
    private let files: [SuiteFile]
    private let starter: SideStarter
    private let judgement: Judgement
    private let mark = SuiteFile.runMark(keptBooks: false)

    init(_ command: ProveCommand, _ stage: RunStage) throws {
        self.command = command
        self.stage = stage
        files = try command.suite.map { try Self.file($0, rows: command.rows) }
        let products = Set(files.map { $0.suite.products })
        guard products.count == 1, let products = products.first else {
            throw ExitStatus.usage.because("the suites have different products; prove them one after another")
        }
        judgement = Judgement(excusing: try SuiteFile.exceptions(command.judging.exceptions))
        starter = SideStarter(
            options: command.sides, products: products, cast: stage.cast, folder: stage.folder, run: mark)
    }

    /// `core.yaml@2`
    private static func file(_ text: String, rows: Int?) throws -> SuiteFile {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        var strength: CaseStrength?
        if parts.count == 2 {
            strength = CaseStrength(parts[1])
            if strength == nil { throw ExitStatus.usage.because("\(text): after `@` stands 1, 2, 3, 4 or all") }
        }
        return try SuiteFile(try SuiteFile.load(parts[0]), strength: strength, rows: rows)
    }

    func run(_ control: RunControl) async throws -> RunRecord {
        let startedAt = Date.now.ISO8601Format()
        let own = command.candidateCommand == nil
        let faults = try await FaultList.faults(command.faults, own: own, stage.cast)
        let legacy = try await starter.legacy()
        stage.atEnd { legacy.close() }
        let equal = try await equalPair(legacy, control)

        var record = RunRecord(
            kind: .prove, name: files.map(\.suite.name).joined(separator: " + "), startedAt: startedAt, finishedAt: startedAt,
            legacy: legacy.url, candidate: command.candidateCommand ?? "bank payout --fault …", totals: RunTotals())
        equal.describe(in: &record, only: files.count == 1)
        record.totals.planned = faults.count
        if equal.allowsHunting {
            try await hunt(faults, legacy, equal.suites, control, &record)
        }
        record.totals.notRun = faults.count - record.totals.compared - record.totals.errors
        record.remarks.append(ProofBound.sentence(missed: record.totals.mismatched, of: record.totals.compared))
        record.finishedAt = Date.now.ISO8601Format()
        return record
    }

    private func equalPair(_ legacy: SideCaller, _ control: RunControl) async throws -> EqualPair {
        let candidate = try await starter.candidate()
        defer { candidate.close() }
        var equal = EqualPair()
        for (index, file) in files.enumerated() {
            let suite = file.suite
            let planner = RowPlanner(suite, run: "\(mark)\(index)")
            let oracle = try SuiteFile.oracle(suite, command.judging.oracle)
            if let process = oracle as? OracleProcess { stage.atEnd { process.close() } }
            let pair = PairRun(
                legacy: legacy, candidate: candidate, oracle: oracle, loading: suite.loading, settling: suite.settling)
            var options = MatrixRunner.Options()
            options.shrink = 0
            let line = ProgressLine(name: "equal pair, \(suite.name)", screen: .standard)
            let runner = MatrixRunner(
                suite: suite, judgement: judgement, pair: pair, planner: planner, options: options, control: control
            ) { line.show($0) }
            let outcome = await runner.run(try SuiteFile.planned(file.rows.rows, planner, suite))
            line.clear()
            var record = outcome.record
            record.coverage = try file.coverage(of: outcome.rows)
            equal.add(
                record,
                ProofSuite(
                    suite: suite, planner: planner, oracle: oracle,
                    rows: outcome.rows.filter { $0.verdict.outcome == .agree || $0.verdict.outcome == .excused }))
            Screen.standard.print(equal.line(record))
        }
        return equal
    }

    private func hunt(
        _ faults: [SeededFault], _ legacy: SideCaller, _ suites: [ProofSuite], _ control: RunControl, _ record: inout RunRecord
    ) async throws {
        let hunt = FaultHunt(
            suites: suites, judgement: judgement, legacy: legacy, seed: command.seed, control: control)
        for (index, fault) in faults.enumerated() where !control.isStopping {
            Screen.standard.showLive("fault \(index + 1) of \(faults.count): \(fault.name)")
            let (program, candidate) = try await starter.faulty(fault.name, command: command.candidateCommand)
            let (found, trouble) = await hunt.hunt(fault, candidate: candidate)
            candidate.close()
            await program.stop(within: 5)
            if let trouble {
                if control.isStopping { break }
                record.totals.errors += 1
                record.unreachable.append(
                    UnreachableRecord(side: "candidate", sentence: "With the fault \(fault.name): \(trouble)"))
            } else {
                record.totals.compared += 1
                if found.killed { record.totals.agreed += 1 } else { record.totals.mismatched += 1 }
            }
            record.faults.append(found)
            Screen.standard.print(ProofText.row(found, trouble: trouble, screen: .standard))
        }
        Screen.standard.showLive("")
    }
}
