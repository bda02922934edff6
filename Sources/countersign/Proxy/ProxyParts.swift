import Alerting
import Console
import Foundation
import Logging
import Migration
import Outbound
import ProxyConfiguration
import RolloutControl
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
    /// Of what the state folder's own desk tells.
    let keeper: IncidentKeeper
    /// Nil where the proxy keeps its state for itself.
    let share: (any StateShare)?
    let client: OutboundClient
    let proxy: ShadowProxy
    /// Nil where no plan moves traffic.
    let rollout: RolloutParts?
    let display: MismatchDisplay?
    /// What the last run left under way.
    var interruptedAtStart: Int { ledger.interruptedAtStart }

    /// - Parameter screen: where mismatches are shown as they come; nil shows none.
    static func make(
        _ configuration: CountersignConfiguration, folder: StateFolder, screen: Screen?, isAutomatic: Bool = false, logger: Logger
    ) async throws -> ProxyParts {
        do {
            return try await build(configuration, folder, screen, isAutomatic, logger)
        } catch let error as StateError {
            throw ExitStatus.cannotCreate.because(error.sentence)
        } catch let error as PlanError {
            throw ExitStatus.data.because(error.description)
        }
    }

    private static func build(
        _ configuration: CountersignConfiguration, _ folder: StateFolder, _ screen: Screen?, _ isAutomatic: Bool, _ logger: Logger
    ) async throws -> ProxyParts {
        let opening = try await StateShareOpening.of(configuration.store)
        let plan = configuration.planWithHandOver
        let database = try StateDatabase(directory: folder.path)
        try database.migrate(AlertSchema.schema)
        let ledger = try CountLedger(path: database.countsPath, lanes: plan.lanes)
        let journal = try WriteJournal(path: database.journalPath, lanes: plan.lanes)
        let catchUp = try SQLCatchUpStore(database: database)
        let client = OutboundClient()
        let standing = StandingRelay()
        var alerts = AlertSettings(
            configuration, secretHeaders: Redaction.credentials.union(configuration.evidence.redactHeaders))
        alerts.standing = { standing.standing(at: $0) }
        let courier = Courier(store: database.store, channels: alerts.channels, client: client, standing: alerts.standing)
        let desk = IncidentDesk(settings: alerts, wakeCourier: { courier.wake() })
        let relay = WakeRelay()
        if opening == nil { try EvidenceShipping.detach(database) { try desk.observe($1, on: $0) } }
        let key = try RedactionKey(configured: configuration.evidence.redactionKey, folder: folder)
        let evidence = EvidenceWriter(
            database: database,
            redaction: Redaction(
                headers: configuration.evidence.redactHeaders, paths: configuration.evidence.redact,
                bodyBytesMax: configuration.evidence.bodyBytesKeptMax, keyedHash: { key.hash($0) }),
            observers: opening == nil ? [desk] : [EvidenceBell { relay.wake() }], limits: limits(configuration.evidence))
        let display = screen.map { MismatchDisplay(next: evidence, screen: $0) }
        let beginning = try RolloutOpening(configuration, database)
        for name in RolloutOpening.unknown(to: beginning?.plan, in: alerts.routes) {
            let owner = beginning.map { "the plan \($0.plan.name) has no" } ?? "there is no plan that has a"
            logger.warning("alerts.routes: \(owner) \(name), so no alert goes by that name")
        }
        let proxy = try ShadowProxy(
            plan: plan, counts: ledger, journal: journal, evidence: display ?? evidence, catchUp: catchUp,
            rollout: try beginning?.traffic())
        let reading: @Sendable () async -> VerifierReading? = {
            let snapshot = await proxy.snapshot()
            let lost = evidence.snapshot()
            return VerifierReading(
                source: ledger.epoch, operations: snapshot.operations, evidenceLost: lost.dropped + lost.rejected,
                keysDiverged: snapshot.divergedKeys, keysUnverified: snapshot.unverifiedKeys)
        }
        let isSharing = opening != nil
        let keeper = IncidentKeeper(
            store: database.store, desk: desk,
            reading: {
                var reading = await reading()
                // The keeper of the shared store tells of them.
                if isSharing { reading?.keysUnverified = nil }
                return reading
            }, beats: opening == nil,
            wakeCourier: { courier.wake() },
            // Beside a shared store, a rollback is told here only while that is away, and its end may be told elsewhere.
            isOver: { isSharing && standing.isOver($0) }, log: { logger.warning("alerts: \($0)") })
        let share = try opening.map { opening in
            let share = try opening.open(
                StateShareParts(
                    folder: folder, database: database, ledger: ledger, proxy: proxy, desk: desk, alerts: alerts,
                    reading: reading,
                    client: client, limits: limits(configuration.evidence), logger: logger))
            relay.set { share.wake() }
            return share
        }
        var tellAll: (@Sendable (RolloutNews) async throws -> Void)?
        if let share { tellAll = { news in try await share.tell(news) } }
        let rollout = try beginning.map { beginning in
            let plane = beginning.plane(proxy, plan, database, evidence)
            let name = beginning.plan.name
            let controller = try beginning.controller(
                plane,
                teller: RolloutAlerts(plan: name, desk: desk, store: database.store, share: tellAll, logger: logger),
                exchange: share?.rolloutExchange(plan: name), isAutomatic: isAutomatic, state: folder.path,
                log: { logger.warning("rollout: \($0)") })
            standing.set(controller)
            return RolloutParts(plan: beginning.plan, plane: plane, written: beginning.written, controller: controller)
        }
        return ProxyParts(
            database: database, ledger: ledger, evidence: evidence, catchUp: catchUp, courier: courier, keeper: keeper,
            share: share, client: client, proxy: proxy, rollout: rollout, display: display)
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

    /// Keeps incidents and delivers alerts; at its end it tries once more what is due, for at most five seconds. The rest stays in the outbox.
    func courierService() -> some Service {
        let (courier, keeper) = (courier, keeper)
        return StoppableService {
            await cancelWhenGracefulShutdown {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await courier.run() }
                    group.addTask { await keeper.run() }
                }
            }
        } end: {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await courier.deliverDue() }
                group.addTask { try? await Task.sleep(for: .seconds(5)) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Publishes to the shared state, and delivers from it; at its end it tries once more, for at most five seconds. The rest waits here.
    func shareService(_ share: any StateShare) -> some Service {
        StoppableService {
            await cancelWhenGracefulShutdown { await share.run() }
        } end: {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await share.finish() }
                group.addTask { try? await Task.sleep(for: .seconds(5)) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Carries the plan out; at its end it stores what was gathered.
    func rolloutService(_ rollout: RolloutParts) -> some Service {
        StoppableService {
            await cancelWhenGracefulShutdown { await rollout.controller.run() }
        } end: {
        }
    }

    /// After everything has ended.
    func close() {
        share?.close()
        evidence.close()
        catchUp.close()
        rollout?.written.close()
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
        reading.shared = share?.standing
        reading.rollout = await rollout?.controller.status()
        if var statistics = try? await AlertBook(store: database.store).statistics() {
            if let shared = share?.statistics {
                statistics.incidents = shared.incidents
                statistics.waiting += shared.waiting
                statistics.delivered += shared.delivered
                statistics.dead += shared.dead
            }
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
