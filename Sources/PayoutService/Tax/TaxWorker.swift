public import Logging
public import ServiceLifecycle

/// Books the taxes of payouts from their events, apart from the payment: inside the payout service, or alone on the same database.
///
/// Each event takes one transaction: 30 statements and the inbox row. Delivered again, it is recognized by its id.
public struct TaxWorker: Service {
    let books: any BookStore
    let processor: TaxEventProcessor
    let logger: Logger
    let pollInterval: Duration
    let wakes: TaxWorkerWakes

    /// A worker alone.
    ///
    /// - Parameter store: the payout service's own database.
    /// - Throws: if it can't be opened, or the store is memory, which has no second user.
    public init(store: PayoutServiceConfiguration.Store, logger: Logger, crash: CrashPlan? = nil) async throws {
        if case .memory = store { throw TaxWorkerError.needsDatabase }
        self.init(books: try await store.open(), logger: logger, pollInterval: .milliseconds(200), crash: crash)
    }

    init(
        books: any BookStore, logger: Logger, pollInterval: Duration = .seconds(1), wakes: TaxWorkerWakes = TaxWorkerWakes(),
        crash: CrashPlan? = nil
    ) {
        self.books = books
        var outbox = books.outbox
        var ledger = books.ledger
        if let crash {
            outbox = CrashingOutbox(outbox: outbox, plan: crash)
            ledger = CrashingLedger(
                ledger: StoredTaxLedger(books: books, beforeCommit: { crash.pass(.beforeBookingCommit) }), plan: crash)
        }
        processor = TaxEventProcessor(outbox: outbox, ledger: ledger, now: { WallClock.system.unixMilliseconds() })
        self.logger = logger
        self.pollInterval = pollInterval
        self.wakes = wakes
    }

    /// Runs until cancelled or gracefully shut down. What is not booked by then is booked by the next run.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Retries fall due without a commit, and events of another process come without a wake.
                    while (try? await Task.sleep(for: pollInterval)) != nil { wakes.wake() }
                    wakes.finish()
                }
                for await _ in wakes.stream { await drain() }
            }
        }
    }

    private func drain() async {
        do {
            let progress = try await processor.drain()
            if progress.postponed + progress.buried > 0 {
                logger.warning(
                    "tax events failed", metadata: ["postponed": "\(progress.postponed)", "buried": "\(progress.buried)"])
            }
        } catch is CancellationError {
        } catch {
            logger.error("the tax worker could not read or acknowledge its events; it goes on", metadata: ["error": "\(error)"])
        }
    }
}

/// Why a worker can't start.
public enum TaxWorkerError: Error, Sendable, CustomStringConvertible {
    case needsDatabase

    public var description: String {
        "a tax worker alone needs the payout service's database: --store sqlite:PATH or postgres://…"
    }
}

/// Tells the worker that something was committed; many wakes before it looks are one.
struct TaxWorkerWakes: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Events of an earlier run wait already.
        continuation.yield()
    }

    func wake() { continuation.yield() }
    func finish() { continuation.finish() }
}
