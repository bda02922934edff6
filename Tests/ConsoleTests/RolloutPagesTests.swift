import Foundation
import Migration
import Outbound
import RolloutControl
import RolloutTestKit
import TestKit
import Testing

@testable import Console

@Suite("The rollout on the admin port")
struct RolloutPagesTests {
    /// A console over a rollout of its own, for one test.
    private final class Stand: Sendable {
        let folder: TemporaryDirectory
        let plane = FakePlane()
        let rollout: RolloutController

        init(approvals: [ApprovalDemand] = []) async throws {
            folder = try TemporaryDirectory()
            rollout = try RolloutController(
                RolloutSetup(
                    plan: .sample(approvals: approvals), isAutomatic: false, folder: folder.path,
                    killFile: folder.file("kill-switch")),
                plane: plane, teller: FakeTeller())
            _ = try await rollout.start()
        }

        func prove() async {
            plane.addMatches(80)
            await rollout.look()
        }
    }

    private static func secret(_ name: String) -> String { "the-admin-secret-of-\(name)" }

    private static func access() throws -> AdminAccess {
        AdminAccess(tokens: [
            try #require(AdminToken(name: "vi", roles: [.viewer], secret: secret("vi"))),
            try #require(AdminToken(name: "kim", roles: [.operator], secret: secret("kim"))),
            try #require(AdminToken(name: "lee", roles: [.operator], secret: secret("lee"))),
            try #require(AdminToken(name: "mo", roles: [.approver], approvesAs: ["risk"], secret: secret("mo"))),
        ])
    }

    /// The port, spoken to by name.
    private struct Port {
        let url: String
        let client: OutboundClient
        var tls = OutboundTLS()

        func ask(
            _ method: String, _ path: String, as name: String? = nil, body: String = "{}", type: String = "application/json"
        ) async throws -> (status: Int, body: [String: Any], type: String?) {
            var headers: [(String, String)] = method == "POST" ? [("Content-Type", type)] : []
            if let name { headers.append(("Authorization", "Bearer \(secret(name))")) }
            var request = OutboundRequest(
                method: method, url: url + path, headers: headers, body: method == "POST" ? Array(body.utf8) : [])
            request.tls = tls
            let answer = try await client.send(request)
            let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            return (answer.status, object ?? [:], answer.header("content-type"))
        }
    }

    private func withPort(
        _ rollout: RolloutController?, access: AdminAccess, tls: ConsoleTLS? = nil, _ work: (Port) async throws -> Void
    ) async throws {
        let source = Console.Source(read: { .sample() }, resync: { _ in true }, rollout: rollout)
        try await ConsoleUnderTest.run(source, access: access, tls: tls) { url, client in
            try await work(Port(url: url, client: client))
        }
    }

    @Test(
        "Who may do what",
        arguments: [
            (nil, "GET", "/rollout", 401), ("nobody", "GET", "/rollout", 401), ("vi", "GET", "/rollout", 200),
            ("mo", "GET", "/rollout/history", 200), (nil, "GET", "/rollout/history", 401),
            (nil, "GET", "/rollout/written-keys", 401),
            (nil, "GET", "/metrics", 401), ("vi", "GET", "/metrics", 200), (nil, "GET", "/verdicts", 401),
            (nil, "GET", "/healthz", 200), (nil, "GET", "/readyz", 200), (nil, "POST", "/rollout/kill", 401),
            ("vi", "POST", "/rollout/kill", 403), ("vi", "POST", "/rollout/promote", 403),
            ("mo", "POST", "/rollout/promote", 403),
            ("mo", "POST", "/rollout/pause", 403), ("kim", "POST", "/rollout/approve", 403), ("mo", "POST", "/rollout/kill", 200),
            ("kim", "POST", "/rollout/kill", 200), ("kim", "POST", "/rollout/rollback", 200),
            ("mo", "POST", "/rollout/retire", 403),
            ("kim", "POST", "/rollout/promote", 409), ("kim", "POST", "/rollout/release", 409),
            ("kim", "POST", "/rollout/retire", 409),
            ("mo", "POST", "/rollout/approve", 409), ("vi", "POST", "/resync", 403), ("kim", "POST", "/resync", 400),
        ] as [(String?, String, String, Int)])
    func roles(_ name: String?, _ method: String, _ path: String, _ status: Int) async throws {
        let stand = try await Stand()
        try await withPort(stand.rollout, access: try Self.access()) { (port) async throws in
            let answer = try await port.ask(method, path, as: name, body: #"{"reason": "x"}"#)
            #expect(answer.status == status, "\(answer.body)")
            if status >= 401, path != "/resync" {
                #expect(answer.type == "application/problem+json" && answer.body["detail"] is String)
            }
        }
    }

    @Test("Without tokens everybody may look and nobody may act")
    func withoutTokens() async throws {
        let stand = try await Stand()
        try await withPort(stand.rollout, access: AdminAccess()) { (port) async throws in
            #expect(try await port.ask("GET", "/rollout").status == 200)
            #expect(try await port.ask("GET", "/metrics").status == 200)
            let refused = try await port.ask("POST", "/rollout/kill", body: #"{"reason": "x"}"#)
            #expect(refused.status == 401 && !stand.plane.isKilled)
            #expect((refused.body["detail"] as? String)?.contains("admin.tokens") == true)
        }
    }

    @Test("A stage by the port: refused, asked for, approved, with names from the tokens alone")
    func stage() async throws {
        let stand = try await Stand(approvals: [ApprovalDemand(role: "risk", number: 1)])
        try await withPort(stand.rollout, access: try Self.access()) { (port) async throws in
            let early = try await port.ask("POST", "/rollout/promote", as: "kim")
            #expect(early.status == 409 && (early.body["detail"] as? String)?.contains("evidence") == true)
            await stand.prove()
            let held = try await port.ask("GET", "/rollout", as: "vi")
            #expect(held.body["mayMove"] as? Bool == false && held.body["schema"] as? Int == 1)
            #expect(
                try await port.ask("POST", "/rollout/promote", as: "kim", body: #"{"name": "lee", "reason": "go"}"#).status == 200
            )
            #expect(try await port.ask("POST", "/rollout/approve", as: "mo", body: #"{"role": "operations"}"#).status == 403)
            let other = try await port.ask("POST", "/rollout/approve", as: "mo", body: #"{"stage": "retirement"}"#)
            let why = other.body["detail"] as? String ?? ""
            #expect(other.status == 409 && why.contains("`staff 90/10`, not `retirement`"), "\(why)")
            let approved = try await port.ask("POST", "/rollout/approve", as: "mo", body: #"{"stage": "staff 90/10"}"#)
            #expect(approved.status == 200 && approved.body["stage"] as? String == "staff 90/10")
            let history = try await port.ask("GET", "/rollout/history?after=2", as: "vi")
            let entries = history.body["entries"] as? [[String: Any]] ?? []
            let actions = entries.map { $0["action"] as? String }
            #expect(actions == ["promotion-requested", "approve-refused", "approved", "promoted"])
            #expect(entries.map { $0["actor"] as? String } == ["kim", "mo", "mo", "kim"])
            #expect(entries.map { $0["role"] as? String } == ["operator", "risk", "risk", "operator"])
        }
    }

    @Test("Orders want JSON, a reason where it says why, and numbers that are numbers")
    func malformed() async throws {
        let stand = try await Stand()
        try await withPort(stand.rollout, access: try Self.access()) { (port) async throws in
            #expect(
                try await port.ask("POST", "/rollout/kill", as: "kim", body: #"{"reason": "x"}"#, type: "text/plain").status
                    == 415)
            #expect(try await port.ask("POST", "/rollout/kill", as: "kim", body: "x").status == 400)
            #expect(try await port.ask("POST", "/rollout/kill", as: "kim", body: #"{"reason": " "}"#).status == 409)
            let long = String(repeating: "x", count: 4_097)
            #expect(try await port.ask("POST", "/rollout/kill", as: "kim", body: #"{"reason": "\#(long)"}"#).status == 400)
            #expect(!stand.plane.isKilled)
            for query in ["history?limit=0", "history?limit=1001", "history?after=-1", "written-keys?from=x"] {
                #expect(try await port.ask("GET", "/rollout/\(query)", as: "vi").status == 400, "\(query)")
            }
        }
        try await withPort(nil, access: try Self.access()) { (port) async throws in
            #expect(try await port.ask("GET", "/rollout", as: "vi").status == 404)
            #expect(try await port.ask("POST", "/rollout/kill", as: "kim", body: #"{"reason": "x"}"#).status == 404)
        }
    }

    @Test("Written keys come in pages")
    func pages() async throws {
        let stand = try await Stand()
        stand.plane.change { plane in
            plane.keys = (0..<5).map { WrittenKey(key: "k\($0)", notedAt: Int64($0), writesBehind: $0) }
        }
        try await withPort(stand.rollout, access: try Self.access()) { (port) async throws in
            let page = try await port.ask("GET", "/rollout/written-keys?from=3&limit=1", as: "vi")
            let keys = page.body["keys"] as? [[String: Any]] ?? []
            #expect(page.body["total"] as? Int == 5 && keys.map { $0["key"] as? String } == ["k3"])
        }
    }

    @Test("Two persons release what one has thrown")
    func kill() async throws {
        let stand = try await Stand()
        try await withPort(stand.rollout, access: try Self.access()) { (port) async throws in
            stand.plane.change { $0.standing = HandOverStanding(keysLeaving: 2, writesWaiting: 3, keysBehind: 1, writtenKeys: 4) }
            let killed = try await port.ask("POST", "/rollout/kill", as: "kim", body: #"{"reason": "payouts differ"}"#)
            #expect((killed.body["handOvers"] as? [String: Int])?["keysLeaving"] == 2 && stand.plane.isKilled)
            #expect(try await port.ask("POST", "/rollout/release", as: "kim").status == 200)
            #expect(try await port.ask("POST", "/rollout/release", as: "kim").status == 409)
            #expect(stand.plane.isKilled)
            #expect(try await port.ask("POST", "/rollout/release", as: "mo").status == 200)
            #expect(!stand.plane.isKilled)
        }
    }

    @Test("Over TLS a caller without a certificate of the authority gets no connection")
    func mutual() async throws {
        let made = try await TestCertificates.shared()
        let tls = ConsoleTLS(
            certificatePEM: try made.bytes(made.certificate("server")), privateKeyPEM: try made.bytes(made.key("server")),
            clientAuthoritiesPEM: try made.bytes(made.certificate("authority")))
        let stand = try await Stand()
        try await withPort(stand.rollout, access: try Self.access(), tls: tls) { (port) async throws in
            var known = port
            known.tls = OutboundTLS(
                authorities: made.certificate("authority"), certificate: made.certificate("client"),
                privateKey: made.key("client"))
            #expect(try await known.ask("GET", "/rollout", as: "vi").status == 200)
            #expect(try await known.ask("GET", "/rollout").status == 401)
            var stranger = port
            stranger.tls = OutboundTLS(
                authorities: made.certificate("authority"), certificate: made.certificate("stranger-client"),
                privateKey: made.key("stranger-client"))
            await #expect(throws: OutboundError.self) { try await stranger.ask("GET", "/healthz") }
            var nobody = port
            nobody.tls = OutboundTLS(authorities: made.certificate("authority"))
            await #expect(throws: OutboundError.self) { try await nobody.ask("GET", "/healthz") }
            await #expect(throws: OutboundError.self) { try await port.ask("GET", "/healthz", as: "vi") }
        }
    }
}
