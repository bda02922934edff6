import Alerting
import Comparison
import Foundation
import Outbound
import Synchronization
import Verdicts

#if PostgreSQL
    import SharedState
#endif

/// The life of incidents without the proxy: evidence to a state folder, from there (with a store, by way of PostgreSQL) to a receiver, until each
/// incident has been told as opened, as still open, and, once enough was clean, as resolved; heartbeats besides. Time runs a hundred times
/// as fast.
///
///     alertdrill FOLDER RECEIVER STORE|- FROM COUNT [POINT:N]
@main
struct Drill {
    let folder: String
    let receiver: String
    let store: String?
    let from: Int
    let count: Int
    let crash: CrashPlan?

    static let kinds = 4

    static func main() async {
        do {
            try await Drill(CommandLine.arguments).run()
            print("drill: done")
        } catch {
            FileHandle.standardError.write(Data("drill: \(error)\n".utf8))
            exit(70)
        }
    }

    init(_ arguments: [String]) throws {
        guard arguments.count >= 6, let from = Int(arguments[4]), let count = Int(arguments[5]) else { throw Usage() }
        folder = arguments[1]
        receiver = arguments[2]
        store = arguments[3] == "-" ? nil : arguments[3]
        self.from = from
        self.count = count
        crash = arguments.count > 6 ? try CrashPlan(arguments[6]) : nil
    }

    struct Usage: Error {}

    private func settings() -> AlertSettings {
        let channel = AlertChannel(
            name: "ops", url: receiver, secrets: [Array(0..<32)], networks: [AddressNetwork("127.0.0.0/8")].compactMap { $0 },
            heartbeatSeconds: 60)
        var settings = AlertSettings(channels: [channel], legacyURL: "http://l", candidateURL: "http://c")
        settings.pace.groupIntervalMs = 30_000
        settings.pace.repeatIntervalMs = 60_000
        settings.pace.noticesMax = 1_000
        if let crash { settings.pass = { crash.pass($0) } }
        return settings
    }

    private func run() async throws {
        let clock = try FastClock(folder: folder)
        let database = try StateDatabase(directory: folder)
        try database.migrate(AlertSchema.schema)
        let settings = settings()
        #if PostgreSQL
            if let store { return try await share(database, settings, store, clock) }
        #endif
        let courier = courier(database.store, settings, clock)
        let desk = IncidentDesk(settings: settings, wakeCourier: { courier.wake() })
        try await deliver(database, database.store, desk, courier, clock, observers: [desk]) {}
        database.close()
    }

    #if PostgreSQL
        private func share(
            _ database: StateDatabase, _ settings: AlertSettings, _ address: String, _ clock: FastClock
        ) async throws {
            let shared = try SharedStateDatabase(address: address)
            let shipping = try EvidenceShipping(database, hostName: "drill")
            let courier = courier(shared.store, settings, clock)
            let desk = IncidentDesk(settings: settings, wakeCourier: { courier.wake() })
            let publisher = SharedStatePublisher(
                database: shared, shipping: shipping, own: database.store, ownDesk: desk, desk: desk,
                settings: SharedStateSettings(instance: "drill"),
                source: SharedStateSource(
                    figures: {
                        InstanceFigures(epoch: "e", operations: [], inFlight: 0, awaitingComparison: 0, note: "{}")
                    }, keysSeen: { ([], 0) }, contest: { _ in }))
            try await deliver(database, shared.store, desk, courier, clock, observers: []) { await publisher.ship() }
            shared.close()
            database.close()
        }
    #endif

    private func courier(_ store: any SQLStore, _ settings: AlertSettings, _ clock: FastClock) -> Courier {
        Courier(
            store: store, channels: settings.channels, client: OutboundClient(), nowMicroseconds: clock.now, pass: settings.pass,
            lookAgainMicroseconds: 10_000)
    }

    private func deliver(
        _ database: StateDatabase, _ store: any SQLStore, _ desk: IncidentDesk, _ courier: Courier, _ clock: FastClock,
        observers: [any EvidenceObserver], ship: @escaping @Sendable () async -> Void
    ) async throws {
        let writer = EvidenceWriter(database: database, observers: observers, clock: WallClock(microseconds: clock.now))
        let counts = CleanComparisons()
        let keeper = IncidentKeeper(
            store: store, desk: desk, reading: { counts.reading() }, wakeCourier: { courier.wake() }, nowMicroseconds: clock.now)
        let delivering = Task { await courier.run() }
        // What an earlier run stored and did not ship.
        await ship()
        for number in from..<from + count {
            writer.offer(Self.evidence(number, at: clock.now()))
            _ = await writer.flush()
            await ship()
        }
        let book = AlertBook(store: store)
        func wait(until isSo: ([Incident]) -> Bool) async throws {
            for _ in 0..<1_500 {
                try await keeper.tick()
                let incidents = try await book.incidents()
                if isSo(incidents), try await book.statistics().waiting == 0 { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            throw NotTold()
        }
        try await wait { $0.count == Self.kinds && $0.allSatisfy { $0.life.toldStep == .updated } }
        counts.begin()
        try await wait { $0.allSatisfy { $0.life.toldStep == .resolved } }
        delivering.cancel()
        await delivering.value
        writer.close()
    }

    struct NotTold: Error {}

    /// Kinds in turn, every other one critical.
    private static func evidence(_ number: Int, at microseconds: Int64) -> Evidence {
        let kind = number % kinds
        return Evidence(
            id: EvidenceID.next(nowMicroseconds: microseconds), recordedAtMicroseconds: microseconds, operation: "kind-\(kind)",
            keys: ["K\(number)"], verdict: .mismatch,
            request: RecordedRequest(method: "GET", target: "/\(number)", headers: [], body: [], instant: ""),
            primary: RecordedAnswer(side: .legacy, status: 200, headers: [], body: [], latencyMicroseconds: 1),
            shadow: RecordedAnswer(side: .candidate, status: 200, headers: [], body: [], latencyMicroseconds: 1),
            differences: [
                Difference(
                    path: "$.a", genericPath: "$.a", kind: .value, primary: "1", shadow: "2",
                    severity: kind.isMultiple(of: 2) ? .critical : .major)
            ])
    }
}

/// What the comparison has found clean: nothing at first, a hundred more of each kind at each look later.
final class CleanComparisons: Sendable {
    private let looks = Mutex<Int?>(nil)
    private let source = "drill-\(getpid())"

    func begin() { looks.withLock { $0 = 0 } }

    func reading() -> VerifierReading? {
        let looks = looks.withLock { looks in
            looks = looks.map { $0 + 1 }
            return looks
        }
        guard let looks else { return nil }
        return VerifierReading(
            source: source,
            operations: (0..<Drill.kinds).map {
                OperationCounts(operation: "kind-\($0)", received: looks * 100, verdicts: [.match: looks * 100])
            })
    }
}

/// A hundred seconds in one, since the first run on this folder began: time does not go back over a restart.
struct FastClock: Sendable {
    private let began: Int64

    init(folder: String) throws {
        let file = folder + ".began"
        if let text = try? String(contentsOfFile: file, encoding: .utf8), let began = Int64(text) {
            self.began = began
        } else {
            began = SystemTime.microseconds()
            try String(began).write(toFile: file, atomically: true, encoding: .utf8)
        }
    }

    @Sendable func now() -> Int64 { began + (SystemTime.microseconds() - began) * 100 }
}

/// Kills this process, as `kill -9` does, when it passes a point for the n-th time.
final class CrashPlan: Sendable {
    struct Refusal: Error {}

    private let step: AlertStep
    private let left: Atomic<Int>

    init(_ text: String) throws {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let step = AlertStep(rawValue: String(parts[0])), let count = Int(parts[1]), count > 0 else {
            throw Refusal()
        }
        self.step = step
        left = Atomic(count)
    }

    func pass(_ step: AlertStep) {
        guard step == self.step, left.subtract(1, ordering: .relaxed).newValue == 0 else { return }
        kill(getpid(), SIGKILL)
    }
}
