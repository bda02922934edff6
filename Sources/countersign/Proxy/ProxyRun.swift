import ArgumentParser
import Console
import Foundation
import Logging
import ProxyConfiguration
import Reports
import ServiceLifecycle
import ShadowProxy
import UnixSignals
import Verdicts

/// One run of the proxy: builds the parts, starts them, and ends them in order.
///
/// The group ends its services one by one, the last first: the proxy answers what is in flight, then the admin port closes,
/// evidence is written, and alerts are delivered (bounded; the rest stays in the outbox). The database is closed after that.
struct ProxyRun {
    let settings: ProxySettings
    let configuration: CountersignConfiguration
    private let screen = Screen.standard

    init(settings: ProxySettings, configuration: CountersignConfiguration) {
        self.settings = settings
        self.configuration = configuration
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "countersign")
        let folder = StateFolder(path: configuration.stateDirectory)
        try folder.make()
        let parts = try await ProxyParts.make(
            configuration, folder: folder, screen: shows ? screen : nil, isAutomatic: settings.auto, logger: logger)
        if parts.interruptedAtStart > 0 {
            logger.warning(
                "the last run ended uncleanly: \(ReportText.count(parts.interruptedAtStart, "request")) counted as interrupted")
        }
        let keeper = RunNoteKeeper(configuration: configuration, settings: settings, parts: parts, folder: folder)
        let (adminPorts, adminPort) = AsyncStream<Int>.makeStream()
        var services: [any Service] = [parts.courierService()]
        if let share = parts.share { services.append(parts.shareService(share)) }
        services += [parts.evidenceService(logger), console(parts, keeper, adminPort, logger)]
        if let display = parts.display { services.append(display) }
        if let rollout = parts.rollout { services.append(parts.rolloutService(rollout)) }
        services.append(proxyService(parts, keeper, adminPorts))
        services.append(keeper)
        if settings.file != nil {
            services.append(PlanReload(settings: settings, running: configuration, parts: parts, logger: logger))
        }
        if shows { services.append(liveService(parts.proxy)) }
        try await end(running: services, logger)
        await keeper.finish()
        let snapshot = await parts.proxy.snapshot()
        parts.close()
        sayGoodbye(snapshot, folder)
    }

    /// Without a file a person watches.
    private var shows: Bool { settings.isWithoutFile || settings.show }

    private func end(running services: [any Service], _ logger: Logger) async throws {
        var quiet = logger
        quiet.logLevel = .error
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch let error as ListenError {
            throw ExitStatus.unavailable.because(error.description)
        } catch let error as PlanError {
            throw ExitStatus.data.because(error.description)
        } catch let error as StateError {
            throw ExitStatus.cannotCreate.because(error.sentence)
        }
    }

    // MARK: Services

    private func console(
        _ parts: ProxyParts, _ keeper: RunNoteKeeper, _ port: AsyncStream<Int>.Continuation, _ logger: Logger
    ) -> some Service {
        let admin = configuration.admin
        let console = Console(
            host: admin.host, port: admin.port,
            source: Console.Source(
                read: { await parts.reading(unreadyBecause: keeper.unreadyBecause) }, resync: { try await parts.resync($0) },
                sharedTrouble: { parts.share?.standing.trouble }, rollout: parts.rollout?.controller),
            access: configuration.adminSettings.access, tls: configuration.adminSettings.tls.map { ConsoleTLS($0) },
            logger: logger
        ) { port.yield($0) }
        return AdminPort(console: console, endpoint: admin)
    }

    private func proxyService(_ parts: ProxyParts, _ keeper: RunNoteKeeper, _ adminPorts: AsyncStream<Int>) -> some Service {
        let run = self
        return StoppableService {
            guard let adminPort = await adminPorts.first(where: { _ in true }) else { throw CancellationError() }
            // The lanes place by where the rollout stands before the first request comes.
            try await parts.rollout?.start()
            let endpoint = try await parts.proxy.start(on: run.settings.socket)
            let listen = endpoint.url(isTLS: run.configuration.plan.tls != nil)
            let admin = Endpoint(host: run.configuration.admin.host, port: adminPort)
                .url(isTLS: run.configuration.adminSettings.tls != nil)
            await keeper.listens(listen: listen, admin: admin)
            run.sayReady(listen: listen, admin: admin, instance: parts.share?.standing.instance)
        } end: {
            keeper.stops()
            await parts.proxy.stop()
        }
    }

    private func liveService(_ proxy: ShadowProxy) -> some Service {
        let screen = screen
        return StoppableService {
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    screen.showLive(LiveSummary(snapshot: await proxy.snapshot(), screen: screen).line)
                    try? await Task.sleep(for: .milliseconds(500))
                }
            }
            screen.showLive("")
        } end: {
        }
    }

    // MARK: What is said

    private func sayReady(listen: String, admin: String, instance: String?) {
        screen.print("countersign: listening on \(listen)")
        screen.print("countersign: admin on \(admin)")
        if let name = instance { screen.print("countersign: sharing its state as \(name)") }
        guard settings.isWithoutFile else { return }
        let plan = configuration.plan
        screen.print()
        screen.print("  legacy     \(plan.legacy.url)  answers every caller")
        screen.print(
            "  candidate  \(plan.candidate.url)  gets a copy of each GET and HEAD; its answers are compared")
        screen.print("  state      \(configuration.stateDirectory)")
        screen.print()
        screen.print("Send traffic through it:  " + screen.paint("curl -i \(listen)/", .strong))
        screen.print("Mismatches appear below. ^C stops it and shows the counts.")
        screen.print()
    }

    private func sayGoodbye(_ snapshot: ProxySnapshot, _ folder: StateFolder) {
        let summary = LiveSummary(snapshot: snapshot, screen: screen)
        screen.print()
        screen.print("countersign: stopped. \(summary.line)")
        if snapshot.received > 0 { screen.print(summary.table) }
        if shows { screen.print("A report of it: countersign report --format html --out report.html --state \(folder.path)") }
    }
}

extension ConsoleTLS {
    fileprivate init(_ settings: AdminSettings.TLS) {
        self.init(
            certificatePEM: settings.certificatePEM, privateKeyPEM: settings.privateKeyPEM,
            clientAuthoritiesPEM: settings.clientAuthoritiesPEM)
    }
}

/// The console, with an address that can't be had said in a sentence.
private struct AdminPort: Service {
    let console: Console
    let endpoint: Endpoint

    func run() async throws {
        do {
            try await console.run()
        } catch is CancellationError {
            return
        } catch {
            throw ExitStatus.unavailable.because(
                "can't open the admin port \(endpoint.host):\(endpoint.port) (\(error)); choose another with --admin")
        }
    }
}
