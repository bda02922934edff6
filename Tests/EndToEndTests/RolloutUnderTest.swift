import Foundation
import NIOConcurrencyHelpers
import Outbound
import TestKit
import Testing

/// A proxy as a process of its own, or several with one store, that carry a plan out, between two sides that say which they are.
final class RolloutUnderTest: Sendable {
    static let people = ["kim": "0123456789abcdef-kim", "lee": "0123456789abcdef-lee", "viv": "0123456789abcdef-viv"]

    struct Proxy: Sendable {
        let program: ProgramUnderTest
        let url: String
        let admin: String
    }

    let folder: TemporaryDirectory
    let legacy: StubSide
    let candidate: StubSide
    let receiver: WebhookReceiver
    let client = OutboundClient(connectionsMax: 16, connectionsPerHostMax: 16)
    private let number = NIOLockedValueBox(0)
    private let store: String?

    var state: String { folder.file("state") }
    var auditLog: String { state + "/audit.jsonl" }

    func state(of name: String) -> String { name.isEmpty ? state : state + "-" + name }

    /// - Parameters:
    ///   - written: the plan's `written-keys`.
    ///   - store: what several proxies share.
    init(written: String = "return", store: String? = nil) async throws {
        self.store = store
        folder = try TemporaryDirectory()
        legacy = try await StubSide.start(script: Self.script("legacy", net: 1))
        candidate = try await StubSide.start(script: Self.script("candidate", net: 1))
        receiver = try await WebhookReceiver.start()
        _ = try folder.write("0123456789abcdef", to: "salt")
        for (name, token) in Self.people { _ = try folder.write(token, to: "\(name).token") }
        _ = try folder.write(
            """
            name: test
            salt: { file: salt }
            audiences: [{ name: all, everyone: true, stages: [50, { candidate: 100, approvals: [risk] }] }]
            promotion: { operations: [account, pay], good-rate: 1%, bad-rate: 30%, alpha: 20%, beta: 10%, critical-places: [$.net] }
            rollback: { written-keys: \(written) }
            """, to: "plan.yaml")
    }

    /// The file of the proxy of this name; an empty one where there is one proxy only.
    private func configuration(_ name: String) throws -> String {
        let shared = store.map { "store: { url: \"\($0)\", instance: \(name) }" } ?? ""
        return try folder.write(
            """
            listen: 127.0.0.1:0
            state: \(state(of: name))
            \(shared)
            admin:
              address: 127.0.0.1:0
              tokens:
                - { name: kim, role: operator, secret: { file: kim.token } }
                - { name: lee, role: [operator, approver], approves-as: risk, secret: { file: lee.token } }
                - { name: viv, role: viewer, secret: { file: viv.token } }
            sides:
              legacy: { url: "http://127.0.0.1:\(legacy.port)" }
              candidate: { url: "http://127.0.0.1:\(candidate.port)" }
            limits: { recheck-tries: 0, write-lands-within: 2s }
            rollout: { plan: plan.yaml }
            alerts:
              channels:
                - { name: ops, url: "\(receiver.url)", secret: none, allow-http: true, allow-networks: [127.0.0.0/8] }
            operations:
              - { name: account, method: GET, path: "/accounts/{id}", mode: read, key: path.id, order: key }
              - { name: pay, method: POST, path: "/accounts/{id}/pay", mode: mirrored-write, key: path.id, order: key, read-back: "/accounts/{key}" }
            """, to: "countersign\(name).yaml")
    }

    static func script(_ name: String, net: Int) -> StubSide.Script {
        { _ in [.send(StubAnswer.json(200, #"{"net":\#(net)}"#, headers: [("X-Side", name)]))] }
    }

    func start(_ name: String = "", _ extra: [String] = []) async throws -> Proxy {
        let program = try ProgramUnderTest("countersign", ["proxy", "--config", configuration(name)] + extra)
        let url = try await program.line(beginning: "countersign: listening on ")
        return Proxy(program: program, url: url, admin: try await program.line(beginning: "countersign: admin on "))
    }

    /// `countersign rollout …` as one of the people (nil: nobody): exit status, output and what was complained of.
    @discardableResult
    func order(
        _ proxy: Proxy, by person: String?, _ arguments: [String]
    ) async throws -> (status: Int32, output: String, errors: String) {
        let token = person.map { ["--token-file", folder.file("\($0).token")] } ?? []
        let program = try ProgramUnderTest(
            "countersign", ["rollout"] + arguments + ["--admin", proxy.admin] + token, environment: ["COUNTERSIGN_TOKEN": ""])
        let status = try await program.exit(within: 60)
        return (status, program.output, program.errors)
    }

    struct Status: Decodable, Sendable {
        struct Verdict: Decodable, Sendable { var decision: String }
        struct Stop: Decodable, Sendable { var reason: String }
        var stage: String
        var verdict: Verdict?
        var latch: Stop?
        var kill: Stop?
        var keysFile: String?
        var pause: Stop?
        var isLeader: Bool?
    }

    /// The order by a call of the admin port: no slower than the proxy is.
    func post(_ order: String, at proxy: Proxy, by person: String, expecting status: Int = 200) async throws {
        let answer = try await client.send(
            OutboundRequest(
                method: "POST", url: proxy.admin + "/rollout/" + order,
                headers: [
                    ("Authorization", "Bearer \(Self.people[person] ?? "")"), ("Content-Type", "application/json"),
                ], body: Array(#"{"reason":"as the test wants it"}"#.utf8)))
        #expect(answer.status == status, "\(order): \(String(decoding: answer.body, as: UTF8.self))")
    }

    func status(_ proxy: Proxy) async throws -> Status {
        try JSONDecoder().decode(Status.self, from: Data(try await rollout(proxy).utf8))
    }

    /// What the admin port says of the rollout.
    private func rollout(_ proxy: Proxy) async throws -> String {
        let answer = try await client.send(
            OutboundRequest(
                url: proxy.admin + "/rollout", headers: [("Authorization", "Bearer \(Self.people["viv"] ?? "")")]))
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// Who answers a call of this account; its status where nobody says so.
    func side(_ proxy: Proxy, _ account: String, pays: Bool = false) async throws -> String {
        let call = number.withLockedValue { number in
            number += 1
            return number
        }
        let answer = try await client.send(
            OutboundRequest(
                method: pays ? "POST" : "GET", url: "\(proxy.url)/accounts/\(account)" + (pays ? "/pay" : ""),
                headers: pays ? [("Idempotency-Key", "k\(call)")] : []))
        return answer.header("x-side") ?? "\(answer.status)"
    }

    /// Twenty accounts are read and paid: enough to prove both operations at one stage, if all are compared. Of keys that are changing sides
    /// not all are, so it may take more than one round. An account's requests go through one proxy.
    func prove(_ proxies: Proxy...) async throws {
        for round in 1...4 {
            for account in 0..<20 {
                let proxy = proxies[account % proxies.count]
                _ = try await side(proxy, "\(account)")
                _ = try await side(proxy, "\(account)", pays: true)
            }
            do {
                for proxy in proxies {
                    try await eventually("the evidence suffices", within: 5) { [self] in
                        try await status(proxy).verdict?.decision == "promote"
                    }
                }
                return
            } catch {
                guard round == 4 else { continue }
                var standings: [String] = []
                for proxy in proxies { standings.append(try await rollout(proxy)) }
                throw TestTimeout("\(error): \(standings)")
            }
        }
    }

    /// How many notices said that an incident of the rollout of this kind opened; one that was sent again is one.
    func told(_ kind: String) -> Int {
        let told = receiver.notices.filter { notice in
            let json = try? JSONSerialization.jsonObject(with: Data(notice.body)) as? [String: Any]
            let incidents = (json?["data"] as? [String: Any])?["incidents"] as? [[String: Any]] ?? []
            return incidents.contains {
                $0["event"] != nil && "\($0["kind"] ?? "")".hasSuffix(kind) && $0["step"] as? String == "opened"
            }
        }
        return Set(told.compactMap { $0.header("webhook-id") }).count
    }

    func stop(_ proxies: Proxy...) async throws {
        for proxy in proxies { proxy.program.signal(SIGTERM) }
        for proxy in proxies {
            let status = try await proxy.program.exit()
            #expect(status == 0, "\(proxy.program.errors)")
        }
    }

    func shutdown() async throws {
        client.close()
        try await legacy.shutdown()
        try await candidate.shutdown()
        try await receiver.side.shutdown()
    }
}
