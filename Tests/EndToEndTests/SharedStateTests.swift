import Foundation
import NIOConcurrencyHelpers
import TestKit
import Testing

#if PostgreSQL
    import Reports
    import SharedState
    import Verdicts

    @Suite("Proxies that share their state", .timeLimit(.minutes(6)))
    struct SharedStateRunTests {
        private func migrated() async throws -> String {
            let address = try await PostgresServer.shared().address()
            let program = try ProgramUnderTest("countersign", ["migrate", "--store", address])
            #expect(try await program.exit() == 0)
            return address
        }

        @Test("one mismatch at two proxies is one notice; counts and incidents are those of both")
        func oneNotice() async throws {
            let store = try await migrated()
            let rig = try await SharedProxies(store: store)
            #expect(try await rig.command(["migrate", "--store", store]).output.contains("nothing to do"))
            let proxies = [try await rig.start("a"), try await rig.start("b")]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (name, proxy) in zip(["a", "b"], proxies) {
                    group.addTask { for number in 0..<25 { try await rig.ask(proxy, kind: 0, "\(name)-\(number)") } }
                }
                try await group.waitForAll()
            }
            try await eventually("all of it shared") {
                let shared = try await (rig.shared("a").count, rig.shared("b").count)
                return shared == (25, 25)
            }
            let verdicts = try await rig.page(proxies[1], "/verdicts")
            #expect(verdicts.contains(#""instance" : "b""#) && verdicts.contains(#""isAway" : false"#))
            try await eventually("the notice") { rig.receiver.seen.count >= 1 }
            // What is due at the end is delivered at the end: a second notice would be there.
            try await rig.stop(proxies)
            #expect(rig.receiver.seen.count == 1)

            let text = try await rig.command(["report", "--format", "json", "--store", store]).output
            let report = try JSONReport.read(Data(text.utf8))
            #expect(report.received == 50 && report.inFlight == 0 && report.awaitingComparison == 0 && report.isConserved)
            #expect(report.operations.first?[.mismatch] == 50)
            #expect(report.incidents.map(\.count) == [50] && report.incidents.first?.sample != nil)
            #expect(report.plan.source.contains("2 instances") && report.plan.source.contains(": a, b"))
            let listed = try await rig.command(["alerts", "list", "--store", store])
            #expect(listed.status == 0 && listed.output.contains("kind-0 $.net") && listed.output.contains("50×"))
            // The configuration names the store: no need to say it again.
            #expect(try await rig.command(["alerts", "list", "--config", rig.configuration("a")]).output.contains("50×"))
            try await rig.end()
        }

        @Test("killed at any point, an instance loses nothing and tells nothing twice under two ids")
        func killed() async throws {
            let latch = Latch()
            let held = NIOLockedValueBox(false)
            let rig = try await SharedProxies(store: migrated()) { request in
                // The third kind's first delivery hangs: its courier is killed in mid-delivery.
                let hangs =
                    request.bodyText.contains("kind-2")
                    && held.withLockedValue { was in
                        defer { was = true }
                        return !was
                    }
                return hangs ? [.await(latch), .close] : [.send(StubAnswer.json(200, "{}"))]
            }
            for kind in 0..<SharedProxies.kinds {
                let proxy = try await rig.start("a")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<4 {
                        group.addTask { for number in 0..<40 { try await rig.ask(proxy, kind: kind, "\(caller)-\(number)") } }
                    }
                    try await group.waitForAll()
                }
                switch kind {
                case 0: break
                case 1: try await eventually("something stored") { try !rig.own("a").isEmpty }
                case 2: try await eventually("a delivery under way") { held.withLockedValue { $0 } }
                default:
                    try await eventually("some of it shared") { try await rig.shared("a", kind: kind).count > (kind - 3) * 40 }
                }
                proxy.program.signal(SIGKILL)
                _ = try await proxy.program.exit()
            }
            // Another instance takes over what the killed one had claimed, and this one ships what it had stored.
            let proxies = [try await rig.start("b"), try await rig.start("a")]
            let own = try rig.own("a")
            try await eventually("everything shared", within: 60) { try await rig.shared("a").count == own.count }
            #expect(try await rig.shared("a") == own)
            let shared = try await rig.command(["report", "--format", "json", "--store", rig.store]).output
            let incidents = try JSONReport.read(Data(shared.utf8)).incidents.map { "\($0.operation) \($0.kind)" }
            #expect(incidents.count >= 4)
            try await eventually("every incident told", within: 60) { incidents.allSatisfy { rig.notices[$0] != nil } }
            latch.open()
            try await rig.stop(proxies)
            #expect(rig.notices.values.allSatisfy { $0.count == 1 }, "\(rig.notices)")
            try await rig.end()
        }

        @Test(
            "PostgreSQL stopped under load: callers notice nothing, an alert is sent all the same, and all is complete afterwards"
        )
        func stoppedUnderLoad() async throws {
            let server = try await PostgresServer()
            let store = server.address(schema: "shared")
            _ = try await SharedStateDatabase.migrate(address: store)
            let rig = try await SharedProxies(store: store)
            let proxy = try await rig.start("a")
            let kind = NIOLockedValueBox(0)
            let longest = NIOLockedValueBox(Duration.zero)
            let load = Task {
                var number = 0
                while !Task.isCancelled {
                    let begun = ContinuousClock.now
                    // Most agree: it is the callers that are to be many.
                    let key = number.isMultiple(of: 20) ? "k-\(number % 1_000)" : "same-\(number % 1_000)"
                    try await rig.ask(proxy, kind: kind.withLockedValue { $0 }, key)
                    longest.withLockedValue { $0 = max($0, begun.duration(to: .now)) }
                    number += 1
                }
            }
            // Known to be delivered: else it would go again, with the same id.
            try await eventually("the first notice") {
                try await rig.metric(proxy, #"countersign_webhook_deliveries_total{outcome="delivered"}"#) == 1
            }
            try await server.halt()
            kind.withLockedValue { $0 = 1 }
            try await eventually("the notice that did not wait for the database", within: 30) { rig.receiver.seen.count == 2 }
            #expect(try await rig.page(proxy, "/healthz").hasPrefix("ok\nshared state: away"))
            #expect(try await rig.page(proxy, "/readyz") == "ready\n")
            #expect(try await rig.metric(proxy, "countersign_shared_state_up") == 0)
            #expect(try await (rig.metric(proxy, "countersign_shared_evidence_waiting") ?? 0) > 0)
            #expect(try await (rig.metric(proxy, "countersign_shared_alerted_here_total") ?? 0) > 0)
            try await server.resume()
            try await eventually("the shared state being there again", within: 30) {
                try await rig.metric(proxy, "countersign_shared_state_up") == 1
            }
            load.cancel()
            _ = try? await load.value
            try await eventually("nothing waiting", within: 60) {
                let waiting = try await [
                    rig.metric(proxy, "countersign_shared_evidence_waiting"), rig.metric(proxy, "countersign_evidence_waiting"),
                ]
                return waiting == [0, 0]
            }
            #expect(try await rig.page(proxy, "/healthz") == "ok\n")
            try await rig.stop([proxy])
            #expect(try await rig.shared("a") == rig.own("a"))
            #expect(rig.notices == rig.notices.mapValues { [$0.first ?? ""] } && rig.receiver.seen.count == 2, "\(rig.notices)")
            // Far below what a caller would take for a hang, however busy the machine.
            #expect(longest.withLockedValue { $0 } < .seconds(2))
            try await rig.end()
            server.stop()
        }

        @Test("a proxy starts while PostgreSQL is away, and refuses a schema of another version")
        func starting() async throws {
            let server = try await PostgresServer()
            let store = server.address(schema: "shared")
            let rig = try await SharedProxies(store: store)
            let early = try ProgramUnderTest("countersign", ["proxy", "--config", rig.configuration("a")])
            #expect(try await early.exit() == 65, "\(early.output) \(early.errors)")
            #expect(early.errors.contains("run `countersign migrate --store"))
            _ = try await SharedStateDatabase.migrate(address: store)
            try await server.halt()
            let proxy = try await rig.start("a")
            try await rig.ask(proxy, kind: 0, "k")
            try await eventually("a warning") { proxy.program.errors.contains("the shared state is away") }
            #expect(try await rig.page(proxy, "/readyz") == "ready\n")
            try await server.resume()
            try await eventually("the evidence in the store", within: 30) { try await rig.shared("a").count == 1 }
            try await rig.stop([proxy])

            let database = try SharedStateDatabase(address: store)
            try await database.store.write {
                try $0.execute("INSERT INTO schema_version (version, name) VALUES (99, 'later')", [])
            }
            database.close()
            let late = try ProgramUnderTest("countersign", ["proxy", "--config", rig.configuration("a")])
            #expect(try await late.exit() == 65)
            #expect(late.errors.contains("a newer one has migrated it"))
            let report = try await rig.command(["report", "--store", store])
            #expect(report.status == 65 && report.errors.contains("a newer one has migrated it"))
            try await rig.end()
            server.stop()
        }

        @Test("a key at two proxies: not-comparable at both, and one warning")
        func keyAtTwo() async throws {
            let rig = try await SharedProxies(store: migrated())
            let proxies = [try await rig.start("a"), try await rig.start("b")]
            for proxy in proxies {
                try await eventually("a verdict that is not comparable", within: 30) {
                    for other in proxies { try await rig.ask(other, kind: 0, "K") }
                    return try await
                        (rig.metric(
                            proxy, #"countersign_verdicts_total{operation="kind-0",verdict="not-comparable"}"#) ?? 0) > 0
                }
                #expect(try await rig.metric(proxy, "countersign_keys_at_two_proxies") == 1)
            }
            // Another key is compared as ever.
            let mismatches = #"countersign_verdicts_total{operation="kind-1",verdict="mismatch"}"#
            try await rig.ask(proxies[0], kind: 1, "other")
            try await eventually("a mismatch") { try await rig.metric(proxies[0], mismatches) == 1 }
            try await eventually("the warning") { rig.notices["ordered operations key-at-two-proxies"] != nil }
            try await rig.stop(proxies)
            #expect(rig.receiver.seen.count { $0.bodyText.contains("key-at-two-proxies") } == 1)
            try await rig.end()
        }
    }
#else
    @Suite("Without the trait PostgreSQL")
    struct WithoutSharedStateTests {
        @Test(
            "whoever names a store is told how to build for it",
            arguments: [
                ["proxy", "--legacy", "http://127.0.0.1:1", "--candidate", "http://127.0.0.1:2", "--listen", "127.0.0.1:0"],
                ["migrate"], ["alerts", "list"], ["report"],
            ])
        func refused(command: [String]) async throws {
            let program = try ProgramUnderTest("countersign", command + ["--store", "postgres://u@h/d"])
            #expect(try await program.exit() == 64)
            #expect(program.errors.contains("build it with --traits PostgreSQL"))
        }
    }
#endif
