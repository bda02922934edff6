import Foundation
import Migration
import ProxyConfiguration
import RolloutPlans
import Testing

@testable import countersign

@Suite("Whether a plan fits the proxy's configuration")
struct RolloutFitTests {
    private static let environment = [
        "SALT": "0123456789abcdef", "KIM": "0123456789abcdef-kim", "LEE": "0123456789abcdef-lee",
    ]

    private func complaints(
        _ changes: [(String, String)] = [], approvesAs: String = "risk", pays: String = "order: key", audience: String = ""
    ) throws -> [String] {
        var text = """
            name: p
            salt: { env: SALT }
            audiences: [{ name: all, everyone: true, stages: [50, { candidate: 100, approvals: [risk] }] }]
            promotion: { operations: [account, pay], critical-places: [$.net, pay $.fee] }
            rollback: { written-keys: keep }
            """
        for (old, new) in changes { text = text.replacing(old, with: new) }
        let plan = try RolloutPlanFile.parse(text: text, named: "p.yaml", environment: Self.environment)
        let configuration = try CountersignConfiguration.parse(
            text: """
                listen: 127.0.0.1:1
                sides: {legacy: {url: 'http://a:1'}, candidate: {url: 'http://b:1'}}
                admin:
                  tokens:
                    - { name: kim, role: operator, secret: { env: KIM } }
                    - { name: lee, role: approver, approves-as: \(approvesAs), secret: { env: LEE } }
                \(audience)
                operations:
                  - { name: account, method: GET, path: "/accounts/{id}", mode: read, key: path.id, order: key }
                  - { name: pay, method: POST, path: "/accounts/{id}/pay", mode: mirrored-write, key: path.id, \(pays) }
                  - { name: rates, method: GET, path: /rates, mode: read }
                  - { name: search, method: POST, path: /search, mode: never }
                """, named: "c.yaml", environment: Self.environment)
        return RolloutFit(plan: plan, configuration: configuration).complaints
    }

    @Test("audiences by a claim need a header that brings it")
    func audiences() throws {
        let staff = [("audiences: [{", "audiences: [{ name: staff, claim: s, stages: [100] }, {")]
        #expect(try complaints(staff).count { $0.contains("whoever is of `staff` has a claim") } == 1)
        let header = "trusted: true\nrollout: { plan: p.yaml, audience: { header: X-Claims } }"
        #expect(try complaints(staff, audience: header) == [])
    }

    @Test("one that fits; what is never compared, or names no key, needs no proof, and an approver may wait for nothing")
    func fits() throws {
        #expect(try complaints() == [])
        #expect(try complaints([("approvals: [risk]", "approvals: []")]) == [])
        #expect(
            try complaints([("operations: [account, pay]", "operations: [pay]"), ("name: p\n", "name: p\nunproved: account\n")])
                == [])
    }

    @Test(
        "what does not fit is named, with the mend",
        arguments: [
            ("operations: [account, pay]", "operations: [pay]", "no proof of `account`"),
            ("operations: [account, pay]", "operations: [account, pay, nix]", "a proof of `nix`"),
            ("operations: [account, pay]", "operations: [account, pay, search]", "a proof of `search`"),
            ("pay $.fee", "pya $.fee", "critical place `pya $.fee`"),
            ("name: p\n", "name: p\nunproved: [nix]\n", "`unproved` names `nix`"),
            ("approvals: [risk]", "approvals: [{ role: risk, number: 2 }]", "2 × risk, and only 1 approves"),
            ("approvals: [risk]", "approvals: [risk, operations]", "1 × operations, and no token approves"),
            ("operations: [account, pay]", "operations: [account, pay, rates]", "`rates`, which names no key"),
        ])
    func doesNotFit(old: String, new: String, complaint: String) throws {
        let found = try complaints([(old, new)])
        #expect(found.count == 1 && found.first?.contains(complaint) == true, "\(found)")
    }

    @Test("a person counts in one role of a stage")
    func oneRole() throws {
        #expect(try complaints(approvesAs: "rsik").first?.contains("no token approves") == true)
        let both = [("approvals: [risk]", "approvals: [risk, operations]")]
        let found = try complaints(both, approvesAs: "[risk, operations]")
        #expect(found.count == 1 && found.first?.contains("only 1 person may approve as any of them") == true, "\(found)")
    }

    @Test("a key that is written without order can't move")
    func order() throws {
        let found = try complaints(pays: "order: none")
        #expect(found.count == 1 && found.first?.contains("without `order: key`") == true, "\(found)")
    }
}
