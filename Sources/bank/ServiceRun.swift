import ArgumentParser
import InterestContract
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs one service until SIGTERM or SIGINT, then lets it finish what it has begun.
struct ServiceRun {
    let logger: Logger

    init(label: String) {
        var logger = Logger(label: label, factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .info
        self.logger = logger
    }

    /// Makes a service, or says in one sentence why it can't start: `65` for fixtures that break the rules.
    func make<Made>(_ body: () throws -> Made) throws(ExitCode) -> Made {
        do { return try body() } catch let problem as Problem {
            throw Terminal.failure(.badFile, "The fixtures can't be loaded: \(problem.detail).")
        } catch {
            throw Terminal.failure(.failed, "The service can't start: \(error)")
        }
    }

    /// Like ``make(_:)``, for what has to ask a database first.
    func make<Made: Sendable>(_ body: () async throws -> Made) async throws(ExitCode) -> Made {
        let made: Result<Made, any Error>
        do { made = .success(try await body()) } catch { made = .failure(error) }
        return try make { try made.get() }
    }

    func untilSignal(_ body: @escaping @Sendable () async throws -> Void) async throws(ExitCode) {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: Running(body: body), successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do { try await group.run() } catch {
            throw Terminal.failure(.failed, "The service failed: \(error)")
        }
    }

    private struct Running: Service {
        let body: @Sendable () async throws -> Void

        func run() async throws { try await body() }
    }
}

extension ServiceOptions {
    /// What scripts wait for, on standard output.
    func announce(port: Int) {
        Terminal.print("listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }
}
