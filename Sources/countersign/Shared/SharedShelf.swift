import ArgumentParser
import Foundation
import ProxyConfiguration
import Reports
import Verdicts

#if PostgreSQL
    import PostgreSQLClient
    import SharedState
#endif

/// Where a command finds what one run left, or what several proxies share.
struct StorePlace: ParsableArguments {
    @OptionGroup var place: StatePlace

    @Option(
        help: ArgumentHelp("The database that several proxies share, for all of them together: postgres://…", valueName: "URL"))
    var store: String?

    /// Nil where the state folder is meant: a configuration that names a store means the store.
    func address() throws -> String? {
        if let store {
            guard SharedStoreSettings.isAddress(store) else {
                throw ExitStatus.usage.because(
                    "--store takes an address that begins with postgres://, as in postgres://USER@HOST:PORT/DATABASE")
            }
            return store
        }
        guard place.state == nil, let config = place.config else { return nil }
        return try ProxySettings.read(config).store?.address
    }

    /// The store that the command line means.
    ///
    /// - Parameter writing: for commands that change something.
    func open(writing: Bool = false) async throws -> any SQLStore {
        guard let address = try address() else {
            return try EvidenceShelf(state: place.directory(), writing: writing).database.store
        }
        return try await SharedShelf.open(address).store
    }
}

/// A shared store, opened by a command.
struct SharedShelf {
    let store: any SQLStore
    /// A report of all proxies together.
    let report: @Sendable () async throws -> RunReport
    /// What the proxy that was heard of last says of its run: who the sides are.
    let note: @Sendable () async throws -> RunNote?

    static func open(_ address: String) async throws -> SharedShelf {
        #if PostgreSQL
            let database = try PostgresShare.database(address)
            do {
                try await database.check()
            } catch let error as PostgresError {
                throw (error.kind == .schema ? ExitStatus.data : .unavailable).because(error.message)
            }
            return SharedShelf(store: database.store) {
                try await Self.report(database)
            } note: {
                Self.latest(try await SharedFigures.read(from: database.store))
            }
        #else
            throw StateShareOpening.refusal
        #endif
    }

    #if PostgreSQL
        private static func notes(_ figures: SharedFigures) -> [RunNote] {
            figures.instances.compactMap { RunNote(json: Data($0.note.utf8)) }
        }

        private static func latest(_ figures: SharedFigures) -> RunNote? { notes(figures).max { $0.updatedAt < $1.updatedAt } }

        private static func report(_ database: SharedStateDatabase) async throws -> RunReport {
            let figures = try await SharedFigures.read(from: database.store)
            let notes = Self.notes(figures)
            let latest = Self.latest(figures)
            let names = figures.instances.map(\.name).joined(separator: ", ")
            var plan = latest?.plan ?? PlanSummary(legacy: "", candidate: "", source: "")
            plan.source = "\(ReportText.count(figures.instances.count, "instance")) at \(database.place): \(names)"
            var bounds: [String: Int] = [:]
            for bound in notes.flatMap(\.bounds) { bounds[bound.name, default: 0] += bound.count }
            // Percentiles and keys of several instances can't be added up: each one's own report has them.
            return RunReport(
                generatedAt: Date(), since: notes.map(\.startedAt).min(), until: notes.map { $0.endedAt ?? $0.updatedAt }.max(),
                plan: plan, operations: figures.operations, received: figures.received, inFlight: figures.inFlight,
                awaitingComparison: figures.awaitingComparison,
                incidents: try await IncidentReport.all(in: database.store, plan: plan),
                bounds: bounds.sorted { $0.key < $1.key }.map { BoundReport(name: $0.key, count: $0.value) })
        }
    #endif
}
