import ArgumentParser
import Foundation
import Migration
import RolloutControl

extension AuditCommand {
    struct Mend: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put an entry in the place of a last line that a crash tore off.",
            discussion: """
                The entry says that it does, and what stood there. Nothing that anybody was told of is lost. The proxy must not run. Exit \
                status: 0 mended or whole, 1 the log was tampered with, 66 no such file, 73 it can't be written.
                """)

        @Argument(help: ArgumentHelp("The log.", valueName: "FILE")) var file: String
        @Option(help: ArgumentHelp("Who decides it.", valueName: "NAME")) var by: String

        func validate() throws { guard !by.allSatisfy(\.isWhitespace) else { throw ValidationError("--by takes a name.") } }

        func run() throws {
            guard FileManager.default.fileExists(atPath: file) else {
                throw ExitStatus.noInput.because("there is no log \(file)")
            }
            do {
                let head = try AuditLog.mend(path: file, by: Person(name: by, role: "mender"), at: WallTime.instant())
                Screen.standard.print("\(file) is whole, up to \(head)")
            } catch {
                let status = [AuditError.Code.tampered, .newer].contains(error.code) ? ExitStatus.differ : .cannotCreate
                throw status.because(error.description)
            }
        }
    }
}
