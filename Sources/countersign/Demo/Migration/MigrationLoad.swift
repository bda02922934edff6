import Foundation

/// Callers who never stop calling, until told.
struct MigrationLoad {
    private let program: ChildProgram
    private let report: URL

    static func start(_ pair: MigrationPair, rate: Int, seed: Int) throws -> MigrationLoad {
        let report = pair.folder.file("\(pair.act)-drive.json")
        let arguments = [
            "drive", "--target", pair.proxy, "--fixture", try DemoFolder.fixture("accounts.jsonl").path, "--rate", String(rate),
            "--duration", "10m", "--connections", "16", "--seed", String(seed), "--run-id", "\(pair.act)-\(seed)", "--mix",
            "accounts=20,previews=30,payouts=30,deposits=8,withdrawals=7,transfers=5", "--timeout", "20s", "--json", report.path,
        ]
        let program = try ChildProgram(
            name: "bank drive", executable: SiblingProgram.find("bank"),
            arguments: arguments + MigrationFiles.audiences.flatMap { ["--audience", $0] },
            log: pair.folder.file("\(pair.act)-drive.log"))
        pair.cast.keep(program)
        return MigrationLoad(program: program, report: report)
    }

    /// Lets what is under way be answered.
    func end() async throws -> DriveSummary {
        program.send(signal: SIGINT)
        let status = await program.exitStatus()
        guard status == 0 else { throw ExitStatus.differ.because("bank drive ended with status \(status)") }
        return try JSONDecoder().decode(DriveSummary.self, from: InputFile.bytes(report.path))
    }
}

extension DriveSummary {
    /// Calls without an answer, or with one that says that somebody failed.
    var failed: Int {
        failures.values.reduce(0, +) + answers.reduce(0) { $0 + ($1.key.hasPrefix("5") ? $1.value : 0) }
    }
}
