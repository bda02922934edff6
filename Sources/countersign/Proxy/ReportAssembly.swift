import Alerting
import Foundation
import ProxyConfiguration
import Reports
import Verdicts

/// Puts a run's report together from its state folder.
struct ReportAssembly {
    private let folder: StateFolder
    private let note: RunNote
    private let shelf: EvidenceShelf

    init(state: String) throws {
        folder = StateFolder(path: state)
        note = try RunNote.read(from: state)
        shelf = try EvidenceShelf(state: state)
    }

    func report() async throws -> RunReport {
        do {
            let operations = try CountLedger.readTotals(path: shelf.database.countsPath).filter { $0.received > 0 }
            let unsettled = operations.reduce(0) { $0 + $1.unsettled }
            let inFlight = min(note.inFlight, unsettled)
            return RunReport(
                generatedAt: Date(), since: note.startedAt, until: note.endedAt ?? note.updatedAt, plan: note.plan,
                operations: operations, received: operations.reduce(0) { $0 + $1.received }, inFlight: inFlight,
                awaitingComparison: unsettled - inFlight, incidents: try await incidents(), latencies: note.latencies,
                keys: try await keys(), bounds: note.bounds)
        } catch let error as StateError {
            throw ExitStatus.data.because(error.sentence)
        }
    }

    private func incidents() async throws -> [IncidentReport] {
        try await IncidentReport.all(in: shelf.database.store, plan: note.plan)
    }

    private func keys() async throws -> [KeyReport] {
        var keys = try KeyStandings(shelf.database).list().compactMap { entry -> KeyReport? in
            switch entry.standing {
            case .trusted: nil
            case .unverified: KeyReport(key: entry.key, standing: .unverified, cause: entry.cause)
            case .diverged: KeyReport(key: entry.key, standing: .diverged, cause: entry.cause)
            }
        }
        let known = Set(keys.map(\.key))
        for (key, behind) in try CatchUpListing(shelf.database).behind().sorted(by: { $0.key < $1.key })
        where !known.contains(key) {
            keys.append(
                KeyReport(
                    key: key, standing: .behind,
                    cause: "\(behind.side.rawValue) missed \(ReportText.count(behind.writes, "write"))",
                    writes: behind.writes))
        }
        return keys.sorted { ($0.standing.rank, $0.key) < ($1.standing.rank, $1.key) }
    }
}

extension KeyReport.Standing {
    /// The gravest first.
    fileprivate var rank: Int {
        switch self {
        case .diverged: 0
        case .behind: 1
        case .unverified: 2
        }
    }
}
