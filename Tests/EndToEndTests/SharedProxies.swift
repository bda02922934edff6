#if PostgreSQL
    import Foundation
    import NIOConcurrencyHelpers
    import Outbound
    import SharedState
    import TestKit
    import Testing
    import Verdicts

    /// Proxies over one shared store, between a legacy side that says 1 and a candidate that says 2, but of keys that begin with `same`.
    struct SharedProxies: Sendable {
        static let kinds = 6

        let store: String
        let legacy: StubSide
        let candidate: StubSide
        let receiver: StubSide
        let folder: TemporaryDirectory
        let client = OutboundClient(connectionsMax: 16, connectionsPerHostMax: 16)

        /// - Parameter hook: what the receiver does with a notice.
        init(store: String, hook: @escaping StubSide.Script = { _ in [.send(StubAnswer.json(200, "{}"))] }) async throws {
            self.store = store
            legacy = try await StubSide.start { _ in [.send(StubAnswer.json(200, #"{"net":1}"#))] }
            candidate = try await StubSide.start { request in
                [.send(StubAnswer.json(200, request.target.contains("/same") ? #"{"net":1}"# : #"{"net":2}"#))]
            }
            receiver = try await StubSide.start(script: hook)
            folder = try TemporaryDirectory()
        }

        func state(_ name: String) -> String { folder.file("state-" + name) }

        struct Proxy: Sendable {
            let program: ProgramUnderTest
            let url: String
            let admin: String
        }

        func configuration(_ name: String) throws -> String {
            let operations = (0..<Self.kinds).map {
                "  - { name: kind-\($0), method: GET, path: \"/kind-\($0)/{id}\", mode: read, key: path.id, order: key }"
            }
            return try folder.write(
                """
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                state: \(state(name))
                store: { url: "\(store)", instance: \(name), alert-after: 1s, claim: 1s }
                sides:
                  legacy: { url: "http://127.0.0.1:\(legacy.port)" }
                  candidate: { url: "http://127.0.0.1:\(candidate.port)" }
                limits: { recheck-tries: 0 }
                alerts:
                  group-wait: 0s
                  channels:
                    - { name: ops, url: "http://127.0.0.1:\(receiver.port)/hook", secret: none, allow-http: true, allow-networks: 127.0.0.1 }
                operations:
                \(operations.joined(separator: "\n"))
                """, to: name + ".yaml")
        }

        func start(_ name: String) async throws -> Proxy {
            let program = try ProgramUnderTest("countersign", ["proxy", "--config", configuration(name)])
            let url = try await program.line(beginning: "countersign: listening on ")
            #expect(try await program.line(beginning: "countersign: sharing its state as ") == name)
            return Proxy(program: program, url: url, admin: try await program.line(beginning: "countersign: admin on "))
        }

        func stop(_ proxies: [Proxy]) async throws {
            for proxy in proxies { proxy.program.signal(SIGTERM) }
            for proxy in proxies { #expect(try await proxy.program.exit() == 0) }
        }

        func end() async throws {
            client.close()
            for side in [legacy, candidate, receiver] { try await side.shutdown() }
        }

        /// One request; the caller must get the legacy side's answer.
        func ask(_ proxy: Proxy, kind: Int, _ key: String) async throws {
            let answer = try await client.send(OutboundRequest(method: "GET", url: "\(proxy.url)/kind-\(kind)/\(key)"))
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == #"{"net":1}"#)
        }

        func page(_ proxy: Proxy, _ path: String) async throws -> String {
            String(decoding: try await client.send(OutboundRequest(method: "GET", url: proxy.admin + path)).body, as: UTF8.self)
        }

        /// The value of a metric whose line begins so.
        func metric(_ proxy: Proxy, _ line: String) async throws -> Int? {
            try await page(proxy, "/metrics").split(separator: "\n").first { $0.hasPrefix(line) }
                .flatMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        }

        /// Ids of the evidence in a proxy's own folder, in the order in which it was stored.
        func own(_ name: String) throws -> [String] {
            var filter = EvidenceFilter()
            filter.limit = 1_000_000
            let database = try StateDatabase(directory: state(name), access: .reader)
            defer { database.close() }
            return try EvidenceReader(database).list(filter).reversed().map(\.id)
        }

        /// The same in the shared store; of one kind or of all.
        func shared(_ name: String, kind: Int? = nil) async throws -> [String] {
            let database = try SharedStateDatabase(address: store)
            defer { database.close() }
            return try await database.store.read { connection in
                try connection.rows("SELECT id, operation FROM evidence WHERE instance = ? ORDER BY seq", [.text(name)])
                    .filter { row in try kind == nil || row.text(1) == "kind-\(kind ?? 0)" }.map { try $0.text(0) }
            }
        }

        func command(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
            let program = try ProgramUnderTest("countersign", arguments)
            let status = try await program.exit()
            try await eventually("the end of the output") { !program.output.isEmpty || !program.errors.isEmpty }
            return (status, program.output, program.errors)
        }

        /// Notices at the receiver by what they tell of, each with its ids.
        var notices: [String: Set<String>] {
            receiver.seen.reduce(into: [:]) { notices, notice in
                let json = try? JSONSerialization.jsonObject(with: Data(notice.body)) as? [String: Any]
                let data = json?["data"] as? [String: Any]
                for incident in data?["incidents"] as? [[String: Any]] ?? [] {
                    let name = "\(incident["operation"] ?? "?") \(incident["kind"] ?? "?")"
                    notices[name, default: []].insert(notice.header("webhook-id") ?? "?")
                }
            }
        }
    }
#endif
