import ArgumentParser
import Foundation
import Migration

/// `countersign audit`: what was done about a rollout, by whom, and whether the record is as it was written.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify, show or mend an audit log.", subcommands: [Verify.self, Show.self, Mend.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find out whether a log was cut, edited or reordered.",
            discussion: """
                Each line holds the hash of the one before. That the end was cut off shows only against a head that was kept elsewhere: \
                every notice of a rollout holds one. Exit status: 0 whole, 1 it is not, 66 no such file.
                """)

        @Argument(help: ArgumentHelp("The log.", valueName: "FILE")) var file: String
        @Option(
            help: ArgumentHelp("A head that was kept elsewhere, of whatever age: NUMBER:HASH.", valueName: "head"),
            transform: { text in
                guard let head = AuditHead(text) else {
                    throw ValidationError("`\(text)` is no head: a number, a colon and 64 hexadecimal digits.")
                }
                return head
            })
        var head: AuditHead?

        func run() throws {
            let report: AuditReport
            try AuditCommand.mustExist(file)
            do { report = try AuditVerification.verify(path: file, expected: head) } catch {
                throw ExitStatus.data.because(error.description)
            }
            if let problem = report.problem { throw ExitStatus.differ.because("\(file) is not as it was written. \(problem)") }
            guard report.tornBytes == 0 else {
                throw ExitStatus.differ.because(
                    "the last line of \(file) was torn off after \(report.tornBytes) bytes, as by a crash; what stands before it is whole, "
                        + "up to \(report.head)")
            }
            let screen = Screen.standard
            screen.print(screen.paint("\(file) is whole", .good) + ", up to \(report.head)")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the entries of a log, the oldest first, up to the first that is not sound.",
            discussion: "Exit status: 0, 66 no such file.")

        @Argument(help: ArgumentHelp("The log.", valueName: "FILE")) var file: String

        func run() throws {
            try AuditCommand.mustExist(file)
            do {
                for entry in try AuditVerification.entries(path: file) { Screen.standard.print("\(entry)") }
            } catch { throw ExitStatus.data.because("\(error)") }
        }
    }

    fileprivate static func mustExist(_ file: String) throws {
        guard FileManager.default.fileExists(atPath: file) else { throw ExitStatus.noInput.because("there is no log \(file)") }
    }
}
