#if PostgreSQL
    import Alerting
    import Comparison
    import PostgreSQLClient
    import Synchronization
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    /// A proxy's control plane without the proxy: a state folder, its evidence, and the publisher to a shared store. Nothing happens but by a
    /// test's calls.
    struct Member {
        /// Time and what the data plane says, as the test has it.
        final class World: Sendable {
            struct State {
                var now: Int64 = 1_770_000_000_000_000
                var figures = InstanceFigures(epoch: "", operations: [], inFlight: 0, awaitingComparison: 0, note: "{}")
                var keys: [UInt64] = []
                var contested: Set<UInt64> = []
                var log: [String] = []
            }

            let state = Mutex(State())
            var now: Int64 { state.withLock { $0.now } }
            var contested: Set<UInt64> { state.withLock { $0.contested } }
            var log: [String] { state.withLock { $0.log } }

            func advance(milliseconds: Int64) { state.withLock { $0.now += milliseconds * 1_000 } }
            func see(_ keys: [UInt64]) { state.withLock { $0.keys += keys } }
        }

        static let channels = [AlertChannel(name: "ops", url: "http://127.0.0.1:1/")]

        let folder: TemporaryDirectory
        let world: World
        let state: StateDatabase
        let database: SharedStateDatabase
        let shipping: EvidenceShipping
        let publisher: SharedStatePublisher
        let shipment: EvidenceShipment
        let ownDesk: IncidentDesk

        /// - Parameter folder: of an earlier member that was closed, for a restart.
        init(
            _ name: String, _ address: String, folder: TemporaryDirectory? = nil, world: World = World(),
            change: (inout SharedStateSettings) -> Void = { _ in }
        ) throws {
            let folder = try folder ?? TemporaryDirectory()
            self.folder = folder
            self.world = world
            state = try StateDatabase(directory: folder.file("state"))
            try state.migrate(AlertSchema.schema)
            database = try SharedStateDatabase(address: address)
            shipping = try EvidenceShipping(state, hostName: name)
            var alerts = AlertSettings(channels: Self.channels, legacyURL: "http://l", candidateURL: "http://c")
            alerts.pace.groupWaitMs = 0
            let desk = IncidentDesk(settings: alerts, wakeCourier: {}, nowMicroseconds: { world.now })
            let own = state.store
            ownDesk = desk
            var settings = SharedStateSettings(instance: name)
            change(&settings)
            publisher = SharedStatePublisher(
                database: database, shipping: shipping, own: own, ownDesk: desk, desk: desk, settings: settings,
                source: SharedStateSource(
                    figures: { world.state.withLock { $0.figures } },
                    keysSeen: {
                        world.state.withLock { state in
                            defer { state.keys = [] }
                            return (state.keys, 0)
                        }
                    }, contest: { keys in world.state.withLock { $0.contested = keys } }), nowMicroseconds: { world.now },
                log: { line in world.state.withLock { $0.log.append(line) } })
            shipment = EvidenceShipment(
                store: database.store, shipping: shipping, desk: desk, instance: name, limits: settings.limits
            ) { refused in try await own.write { try desk.observe(refused, on: $0) } }
        }

        /// Stores evidence in the folder, as the writer does.
        func meet(_ evidence: [Evidence]) async throws {
            let writer = EvidenceWriter(database: state, clock: WallClock { [world] in world.now })
            for evidence in evidence { writer.offer(evidence) }
            #expect(await writer.flush())
            writer.close()
        }

        /// As if it had been killed: what it holds goes, its folder stays.
        func end() {
            state.close()
            database.close()
        }

        var ownBook: AlertBook { AlertBook(store: state.store) }
        var sharedBook: AlertBook { AlertBook(store: database.store) }

        /// Ids of the shared evidence in the order in which it came, of this instance or of all.
        func shared(of instance: String? = nil) async throws -> [String] {
            try await database.store.read { connection in
                try connection.rows("SELECT id, instance FROM evidence ORDER BY seq").compactMap { row in
                    try instance == nil || row.text(1) == instance ? row.text(0) : nil
                }
            }
        }

        static func evidence(
            _ id: String, operation: String = "payout", cascadeOf: String? = nil, at: Int64 = 1_770_000_000_000_000
        ) -> Evidence {
            Evidence(
                id: id, recordedAtMicroseconds: at, operation: operation, keys: ["K\u{0}1"], verdict: .mismatch, cause: "because",
                persistence: .persistent, cascadeOf: cascadeOf,
                request: RecordedRequest(
                    method: "POST", target: "/v1/x", headers: [["Idempotency-Key", "k"]], body: [0, 1, 0xFF],
                    instant: "2026-03-02T00:00:00Z"),
                primary: RecordedAnswer(side: .legacy, status: 201, headers: [], body: [0x7B, 0, 0x7D], latencyMicroseconds: 7),
                differences: [
                    Difference(
                        path: "$.net", genericPath: "$.net", kind: .value, primary: "99", shadow: "100", severity: .critical)
                ])
        }
    }

    /// A shared store of its own, migrated.
    func sharedStore() async throws -> String {
        let address = try await PostgresServer.shared().address()
        _ = try await SharedStateDatabase.migrate(address: address)
        return address
    }
#endif
