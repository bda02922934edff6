import ArgumentParser
import LegacyCore
import PayoutService

struct MigrateCommand: AsyncParsableCommand {
    enum Program: String, ExpressibleByArgument, CaseIterable {
        case payout, legacy
    }

    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Make a service's tables in PostgreSQL, or bring them to this program's version.",
        discussion: """
            Prints what was changed. A service refuses to start on another version than its own; SQLite files need no migration, \
            since their one service makes it at its start. Exit codes: 0 done, 1 it failed, 64 wrong flags.
            """)

    @Option(help: "Whose tables.") var service: Program
    @Option(
        help: ArgumentHelp("The database: postgres://USER@HOST:PORT/DATABASE.", valueName: "address"),
        transform: StoreChoice.parse)
    var store: StoreChoice

    func run() async throws {
        #if PostgreSQL
            guard case .postgres(let address) = store else {
                throw Terminal.failure(.usage, "--store takes postgres://…: only PostgreSQL has to be migrated apart.")
            }
            let changes: [String]
            do {
                switch service {
                case .payout: changes = try await BooksMigration.run(address: address)
                case .legacy: changes = try await LegacySchema.migrate(address: address)
                }
            } catch {
                throw Terminal.failure(.failed, "The tables can't be migrated: \(error).")
            }
            for change in changes { Terminal.print("migrated: " + change) }
            if changes.isEmpty { Terminal.print("nothing to do: the tables are of this version") }
        #else
            throw Terminal.failure(.usage, "--store takes postgres://…, and this `bank` was built without --traits PostgreSQL.")
        #endif
    }
}
