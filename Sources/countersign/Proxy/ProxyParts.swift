import Alerting
import Console
import Foundation
import Logging
import Outbound
import ProxyConfiguration
import ServiceLifecycle
import ShadowProxy
import Verdicts

/// The parts of a running proxy, built from its configuration and its state folder.
struct ProxyParts: Sendable {
    let database: StateDatabase
    let ledger: CountLedger
    let evidence: EvidenceWriter
    let catchUp: SQLCatchUpStore
    let courier: Courier
    let client: OutboundClient
    let proxy: ShadowProxy
    let display: MismatchDisplay?
    /// What the last run left under way.
    var interruptedAtStart: Int { ledger.interruptedAtStart }

    /// - Parameter screen: where mismatches are shown as they come; nil shows none.
    static func make(
        _ configuration: CountersignConfiguration, folder: StateFolder, screen: Screen?
    ) throws -> ProxyParts {
        do {
            return try build(configuration, folder, screen)
        } catch let error as StateError {
            throw ExitStatus.cannotCreate.because(error.sentence)
        } catch let error as PlanError {
            throw ExitStatus.data.because(error.description)
        }
    }

    private static func build(
        _ configuration: CountersignConfiguration, _ folder: StateFolder, _ screen: Screen?
    ) throws -> ProxyParts {
        let plan = configuration.plan
        let database = try StateDatabase(directory: folder.path)
        try database.migrate(AlertSchema.schema)
        let ledger = try CountLedger(path: database.countsPath, lanes: plan.lanes)
        let journal = try WriteJournal(path: database.journalPath, lanes: plan.lanes)
        let catchUp = try SQLCatchUpStore(database: database)
        let client = OutboundClient()
        let channels = configuration.channels.map { AlertChannel($0) }
        let courier = Courier(database: database.connections, channels: channels, client: client)
        let desk = IncidentDesk(
            settings: AlertSettings(
                channels: channels, legacyURL: plan.legacy.url,
                candidateURL: plan.candidate.url,
                secretHeaders: Redaction.credentials.union(configuration.evidence.redactHeaders)),
            wakeCourier: { courier.wake() })
        let key = try RedactionKey(configured: configuration.evidence.redactionKey, folder: folder)
        let evidence = EvidenceWriter(
            database: database,
            redaction: Redaction(
                headers: configuration.evidence.redactHeaders, paths: configuration.evidence.redact,
                bodyBytesMax: configuration.evidence.bodyBytesKeptMax, keyedHash: { key.hash($0) }),
            observers: [desk], limits: limits(configuration.evidence))
        let display = screen.map { MismatchDisplay(next: evidence, screen: $0) }
        let proxy = try ShadowProxy(
            plan: plan, counts: ledger, journal: journal, evidence: display ?? evidence, catchUp: catchUp)
        return ProxyParts(
            database: database, ledger: ledger, evidence: evidence, catchUp: catchUp, courier: courier, client: client,
            proxy: proxy, display: display)
    }

    private static func limits(_ settings: EvidenceSettings) -> EvidenceLimits {
        var limits = EvidenceLimits()
        limits.waitingMax = settings.queueMax
        limits.rowsMax = settings.rowsMax
        limits.daysMax = settings.retentionDays
        return limits
    }

    // MARK: Services

    /// Writes what waits when it ends; `run` has nothing to do, as the writer has a thread of its own.
    func evidenceService(_ logger: Logger) -> some Service {
        let evidence = evidence
        return StoppableService {
        } end: {
            if await !evidence.flush(withinMs: 10_000) {
                logger.error("evidence was lost: the state folder did not take it within 10 s")
            }
        }
    }

    /// Delivers alerts; at its end it tries once more what is due, for at most five seconds. The rest stays in the outbox.
    func courierService() -> some Service {
        let courier = courier
        return StoppableService {
            await cancelWhenGracefulShutdown { await courier.run() }
        } end: {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await courier.deliverDue() }
                group.addTask { try? await Task.sleep(for: .seconds(5)) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// After everything has ended.
    func close() {
        evidence.close()
        catchUp.close()
        client.close()
        ledger.flush()
        database.close()
    }

    // MARK: The console

    func reading(unreadyBecause: String?) async -> ConsoleReading {
        let snapshot = await proxy.snapshot()
        var reading = ConsoleReading(snapshot)
        let bounds = ledger.bounds()
        reading.unreadyBecause = unreadyBecause
        reading.latencies = snapshot.latencyReadings
        reading.bounds = Bound.allCases.map { ConsoleReading.Named($0.name, bounds[$0] ?? 0) }
        if let behind = try? CatchUpListing(database).behind() {
            reading.writesMissed = behind.values.reduce(0) { $0 + $1.writes }
        }
        let counts = evidence.snapshot()
        reading.evidenceWaiting = counts.waiting
        reading.evidenceDropped = counts.dropped + counts.rejected
        if let statistics = try? await AlertBook(database: database.connections).statistics() {
            reading.incidentsOpen = statistics.incidents
            reading.deliveriesWaiting = statistics.waiting
            reading.deliveries = [
                ConsoleReading.Named("delivered", statistics.delivered), ConsoleReading.Named("dead", statistics.dead),
            ]
        }
        return reading
    }

    /// Trusts a key again, here and in the state folder.
    func resync(_ key: String) async throws -> Bool {
        let removed = try KeyStandings(database).resync(key)
        await proxy.trust(key)
        return removed != nil
    }
}
