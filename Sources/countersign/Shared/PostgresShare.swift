#if PostgreSQL
    import Alerting
    import Console
    import Foundation
    import Logging
    import PostgreSQLClient
    import ProxyConfiguration
    import RolloutControl
    import ShadowProxy
    import SharedState
    import Verdicts

    /// A proxy's state shared through PostgreSQL: what it publishes, and the courier of what all have to tell.
    struct PostgresShare: StateShare {
        private let database: SharedStateDatabase
        private let desk: IncidentDesk
        private let instance: String
        private let publisher: SharedStatePublisher
        private let courier: Courier
        private let keeper: IncidentKeeper

        /// Refuses what will not do: an address that can't be read, a schema of another version. A database that is away will do.
        static func opening(_ settings: SharedStoreSettings) async throws -> StateShareOpening {
            let database = try Self.database(settings.address)
            // A busy database gets a few tries: a schema that will not do is better known now than later.
            for _ in 0..<3 {
                do {
                    try await database.check()
                    break
                } catch let error as PostgresError where error.kind == .schema {
                    database.close()
                    throw ExitStatus.data.because(error.message)
                } catch let error as PostgresError where error.kind == .poolExhausted || error.kind == .statementTimeout {
                    continue
                } catch {
                    // The publisher says so, and goes on trying.
                    break
                }
            }
            return StateShareOpening { try PostgresShare(settings, database, $0) }
        }

        static func database(_ address: String) throws -> SharedStateDatabase {
            do { return try SharedStateDatabase(address: address) } catch { throw ExitStatus.usage.because(error.description) }
        }

        private init(_ settings: SharedStoreSettings, _ database: SharedStateDatabase, _ parts: StateShareParts) throws {
            let host = ProcessInfo.processInfo.hostName.prefix { $0 != "." }
            let shipping = try EvidenceShipping(parts.database, hostName: String(host))
            var sharing = SharedStateSettings(instance: settings.instance ?? shipping.instance)
            sharing.alertAfterMs = settings.alertAfterMs
            sharing.keyWindowMs = settings.keyWindowMs
            sharing.limits = parts.limits
            let courier = Courier(
                store: database.store, channels: parts.alerts.channels, client: parts.client, instance: sharing.instance,
                claimMicroseconds: Int64(settings.claimMs) * 1_000, standing: parts.alerts.standing)
            let desk = IncidentDesk(settings: parts.alerts, wakeCourier: { courier.wake() })
            let logger = parts.logger
            keeper = IncidentKeeper(
                store: database.store, desk: desk, reading: parts.reading, name: sharing.instance,
                wakeCourier: { courier.wake() },
                log: { logger.warning("alerts of all proxies: \($0)") })
            let (proxy, ledger, note) = (parts.proxy, parts.ledger, RunNote.file(in: parts.folder.path))
            publisher = SharedStatePublisher(
                database: database, shipping: shipping, own: parts.database.store, ownDesk: parts.desk,
                desk: desk, settings: sharing,
                source: SharedStateSource(
                    figures: {
                        let snapshot = await proxy.snapshot()
                        return InstanceFigures(
                            epoch: ledger.epoch, operations: snapshot.operations, inFlight: snapshot.inFlight,
                            awaitingComparison: snapshot.awaitingComparison,
                            note: (try? String(contentsOf: note, encoding: .utf8)) ?? "")
                    },
                    keysSeen: {
                        let seen = await proxy.keysSeen()
                        return (seen.hashes, seen.dropped)
                    }, contest: { await proxy.contest($0) }), log: { logger.warning("\($0)") })
            self.courier = courier
            self.desk = desk
            instance = sharing.instance
            self.database = database
        }

        func run() async {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await publisher.run() }
                group.addTask { await courier.run() }
                group.addTask { await keeper.run() }
            }
        }

        func finish() async {
            await publisher.finish()
            _ = await courier.deliverDue()
        }

        func close() { database.close() }

        func wake() { publisher.wake() }

        func rolloutExchange(plan: String) -> any RolloutExchange {
            PostgresRollout(store: database.store, plan: plan, instance: instance)
        }

        func tell(_ news: RolloutNews) async throws {
            try await database.store.write { [desk] connection in try news.file(with: desk, on: connection) }
            desk.committed()
        }

        var standing: ConsoleReading.Shared {
            let standing = publisher.standing
            var shared = ConsoleReading.Shared(instance: standing.instance)
            shared.isAway = standing.awaySince != nil
            shared.trouble = standing.trouble.map { trouble in
                shared.isAway ? "away: \(trouble); \(standing.evidenceWaiting) pieces of evidence wait here" : trouble
            }
            shared.evidenceWaiting = standing.evidenceWaiting
            shared.evidence = [
                ConsoleReading.Named("shipped", standing.evidenceShipped),
                ConsoleReading.Named("refused", standing.evidenceRefused),
                ConsoleReading.Named("lost", standing.evidenceLost),
            ]
            shared.alertedHere = standing.alertedHere
            shared.keysAtTwoProxies = standing.keysAtTwoProxies
            shared.keysDropped = standing.keysDropped
            return shared
        }

        var statistics: AlertBook.Statistics {
            let standing = publisher.standing
            var statistics = AlertBook.Statistics()
            statistics.incidents = standing.incidents
            statistics.waiting = standing.noticesWaiting
            statistics.delivered = standing.noticesDelivered
            statistics.dead = standing.noticesDead
            return statistics
        }
    }
#endif
