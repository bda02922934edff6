import ArgumentParser
import ProxyConfiguration

#if PostgreSQL
    import SharedState
#endif

/// `countersign migrate`: the tables of the state that several proxies share.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Make the tables of the shared state in PostgreSQL, or bring them to this program's version.",
        discussion: """
            Prints what was changed. A proxy refuses to start on another version than its own; a state folder needs no migration, \
            since its one proxy makes it at its start. Exit status: 0 done, 64 wrong flags, 69 it failed.
            """)

    @Option(help: ArgumentHelp("The database: postgres://USER@HOST:PORT/DATABASE.", valueName: "URL"))
    var store: String

    func run() async throws {
        guard SharedStoreSettings.isAddress(store) else {
            throw ExitStatus.usage.because(
                "--store takes an address that begins with postgres://, as in postgres://USER@HOST:PORT/DATABASE")
        }
        #if PostgreSQL
            let changes: [String]
            do { changes = try await SharedStateDatabase.migrate(address: store) } catch {
                throw ExitStatus.unavailable.because("the tables can't be migrated: \(error)")
            }
            for change in changes { Screen.standard.print("migrated: " + change) }
            if changes.isEmpty { Screen.standard.print("nothing to do: the tables are of this version") }
        #else
            throw StateShareOpening.refusal
        #endif
    }
}
