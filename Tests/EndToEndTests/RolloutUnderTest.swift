import Foundation
import NIOConcurrencyHelpers
import Outbound
import TestKit
import Testing

/// A proxy as a process of its own that carries a plan out, between two sides that say which they are.
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

    var state: String { folder.file("state") }
    var auditLog: String { state + "/audit.jsonl" }

    /// - Parameter written: the plan's `written-keys`.
    init(written: String = "return") async throws {
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
        _ = try folder.write(
            """
            listen: 127.0.0.1:0
            state: \(folder.file("state"))
            admin:
              address: 127.0.0.1:0
              tokens:
                - { name: kim, role: operator, secret: { file: kim.token } }
                - { name: lee, role: [operator, approver], approves-as: risk, secret: { file: lee.token } }
                - { name: viv, role: viewer, secret: { file: viv.token } }
            sides:
              legacy: { url: "http://127.0.0.1:\(legacy.port)" }
              candidate: { url: "http://127.0.0.1:\(candidate.port)" }
            limits: { recheck-tries: 0 }
            rollout: { plan: plan.yaml }
            alerts:
              channels:
                - { name: ops, url: "\(receiver.url)", secret: none, allow-http: true, allow-networks: [127.0.0.0/8] }
            operations:
              - { name: account, method: GET, path: "/accounts/{id}", mode: read, key: path.id, order: key }
              - { name: pay, method: POST, path: "/accounts/{id}/pay", mode: mirrored-write, key: path.id, order: key }
            """, to: "countersign.yaml")
    }

    static func script(_ name: String, net: Int) -> StubSide.Script {
        { _ in [.send(StubAnswer.json(200, #"{"net":\#(net)}"#, headers: [("X-Side", name)]))] }
    }

    func start(_ extra: [String] = []) async throws -> Proxy {
        let program = try ProgramUnderTest("countersign", ["proxy", "--config", folder.file("countersign.yaml")] + extra)
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
    }

    func status(_ proxy: Proxy) async throws -> Status {
        let answer = try await client.send(
            OutboundRequest(
                url: proxy.admin + "/rollout", headers: [("Authorization", "Bearer \(Self.people["viv"] ?? "")")]))
        return try JSONDecoder().decode(Status.self, from: Data(answer.body))
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

    /// Twenty accounts are read and paid: enough to prove both operations at one stage.
    func prove(_ proxy: Proxy) async throws {
        for account in 0..<20 {
            _ = try await side(proxy, "\(account)")
            _ = try await side(proxy, "\(account)", pays: true)
        }
        try await eventually("the evidence suffices") { [self] in try await status(proxy).verdict?.decision == "promote" }
    }

    func shutdown() async throws {
        client.close()
        try await legacy.shutdown()
        try await candidate.shutdown()
        try await receiver.side.shutdown()
    }
}
