import Alerting
import Console
import Logging
import Outbound
import ProxyConfiguration
import RolloutControl
import ShadowProxy
import Synchronization
import Verdicts

/// The part of a proxy that shares its state with others.
protocol StateShare: Sendable {
    /// Publishes and delivers until cancelled.
    func run() async
    /// What is left at a graceful stop.
    func finish() async
    /// After everything has ended.
    func close()
    /// Evidence was stored.
    func wake()
    /// Where the proxies keep this plan's rollout together.
    func rolloutExchange(plan: String) -> any RolloutExchange
    /// Tells of the rollout for all of them.
    func tell(_ news: RolloutNews) async throws
    var standing: ConsoleReading.Shared { get }
    /// Of all proxies together, as last read.
    var statistics: AlertBook.Statistics { get }
}

/// What the sharing of a proxy's state is built from.
struct StateShareParts {
    let folder: StateFolder
    let database: StateDatabase
    let ledger: CountLedger
    let proxy: ShadowProxy
    /// The state folder's own.
    let desk: IncidentDesk
    let alerts: AlertSettings
    /// What this proxy has counted.
    let reading: @Sendable () async -> VerifierReading?
    let client: OutboundClient
    let limits: EvidenceLimits
    let logger: Logger
}

/// A shared store that may be used, as far as is known at the start.
struct StateShareOpening {
    let open: (StateShareParts) throws -> any StateShare

    /// Nil where the configuration names no store.
    static func of(_ settings: SharedStoreSettings?) async throws -> StateShareOpening? {
        guard let settings else { return nil }
        #if PostgreSQL
            return try await PostgresShare.opening(settings)
        #else
            throw Self.refusal
        #endif
    }

    /// Ends a command that was asked for what it was built without.
    static var refusal: any Error {
        ExitStatus.usage.because(
            "a store takes postgres://…, and this `countersign` was built without PostgreSQL: build it with --traits PostgreSQL")
    }
}

/// Passes wakes on to what is made after those who ring.
final class WakeRelay: Sendable {
    private let target = Mutex<(@Sendable () -> Void)?>(nil)

    func set(_ target: @escaping @Sendable () -> Void) { self.target.withLock { $0 = target } }

    func wake() { target.withLock { $0 }?() }
}
