import Alerting
import Foundation
import ProxyConfiguration
import Reports
import ServiceLifecycle
import ShadowProxy
import Synchronization
import Verdicts

/// Keeps `run.json` up to date, and knows whether the proxy should get traffic: it listens, does not stop, and its state folder
/// can be written.
final class RunNoteKeeper: Service {
    private struct State {
        var startedAt = Date()
        var listen = ""
        var admin = ""
        var unreadyBecause: String? = "not listening yet"
    }

    private let state = Mutex(State())
    private let configuration: CountersignConfiguration
    private let source: String
    private let file: String?
    private let parts: ProxyParts
    private let folder: StateFolder

    init(configuration: CountersignConfiguration, settings: ProxySettings, parts: ProxyParts, folder: StateFolder) {
        self.configuration = configuration
        source = settings.source
        file = settings.file
        self.parts = parts
        self.folder = folder
    }

    var unreadyBecause: String? { state.withLock { $0.unreadyBecause } }

    func listens(listen: String, admin: String) async {
        state.withLock { state in
            state.listen = listen
            state.admin = admin
            state.unreadyBecause = nil
        }
        await write()
    }

    func stops() { state.withLock { $0.unreadyBecause = "stopping" } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                if self.state.withLock({ !$0.listen.isEmpty }) { await self.write() }
                // `countersign alerts replay` may have put a notice on its way from another process.
                self.parts.courier.wake()
            }
        }
    }

    /// The last note, when everything has ended.
    func finish() async { await write(ended: true) }

    private func write(ended: Bool = false) async {
        let snapshot = await parts.proxy.snapshot()
        let (startedAt, listen, admin) = state.withLock { ($0.startedAt, $0.listen, $0.admin) }
        guard !listen.isEmpty else { return }
        let plan = configuration.plan
        let note = RunNote(
            processID: ProcessInfo.processInfo.processIdentifier, startedAt: startedAt, updatedAt: Date(),
            endedAt: ended ? Date() : nil,
            plan: PlanSummary(
                legacy: plan.legacy.url, candidate: plan.candidate.url,
                candidateShare: plan.candidateShare, source: source),
            configurationFile: file.map { URL(fileURLWithPath: $0).path }, listen: listen, admin: admin,
            inFlight: snapshot.inFlight,
            awaitingComparison: snapshot.awaitingComparison, latencies: snapshot.latencyReports,
            bounds: parts.ledger.boundReports(evidence: parts.evidence.snapshot()))
        do {
            try note.write(to: folder)
            state.withLock { state in
                if state.unreadyBecause?.hasPrefix("the state folder") == true { state.unreadyBecause = nil }
            }
        } catch {
            state.withLock { state in
                if state.unreadyBecause == nil {
                    state.unreadyBecause = "the state folder \(self.folder.path) can't be written: \(error.localizedDescription)"
                }
            }
        }
    }
}
