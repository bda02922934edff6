import CaseMatrix
import Foundation
import RuleFiles

/// Suite files written for one test, and removed with it.
final class WrittenSuites {
    private let folder: URL

    init(_ files: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("suites-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A problem's sentence without the folder.
    func load(_ name: String = "suite.yaml") -> Result<CaseMatrix.Suite, WrittenComplaints> {
        do throws(ConfigurationError) {
            return .success(try CaseMatrix.Suite.load(path: path(name)))
        } catch {
            let prefix = folder.path + "/"
            return .failure(
                WrittenComplaints(lines: error.problems.map { $0.description.replacingOccurrences(of: prefix, with: "") }))
        }
    }
}

struct WrittenComplaints: Error {
    var lines: [String]
}

/// A small suite that has everything; tests change a line of it.
enum SmallSuite {
    static let text = """
        suite: small
        about: One of everything.
        strength: 2
        nightly: all
        seed: 7
        parameters:
          amount: [5, -3, 12.50]
          state: [OPEN, SHUT]
          flag: [true, false]
          kind: [plain, "quo\\"ted"]
        defaults: { state: SHUT }
        constraints: |
          IF [state] = "SHUT" THEN [amount] <> -3;
        seeds:
          - { amount: 12.50, flag: false }
        variables:
          - { name: account, kind: text, value: "A-${case}" }
          - { name: day, kind: date, by: state, of: { OPEN: 2024-03-01, SHUT: 2025-03-01 } }
          - { name: size, kind: choice, by: amount, of: { -3: small, else: large } }
          - { name: won, kind: amount, cases: [{ when: { size: small }, value: 10 }, { value: 2000 }] }
          - { name: more, kind: amount, value: "${won+1-won+won}" }
          - { name: owed, kind: amount, value: "${-won}" }
        fixture:
          - id: "${account}"
            amount: "${amount}"
            flag: "${flag}"
            text: "${amount}-${kind}"
            kind: "${kind}"
            eve: "${day-1}"
            owed: "${owed}"
            nothing: null
            plain: 3
            quoted: "3"
            chosen: { choose: size, of: { small: [1, "${won}"], large: { deep: "${day}" } } }
            maybe: { when: { state: OPEN }, then: "open" }
            list:
              - { when: { flag: true }, only: flagged }
              - { when: { flag: true }, then: 8 }
              - 9
          - when: { state: SHUT }
            id: "W-${case}"
        calls:
          look: { path: "/accounts/${id}", with: { id: "${account}" } }
          pay:
            method: POST
            path: /accounts/${account}/pay
            headers: { Idempotency-Key: "${case}-${key}" }
            body: { amount: "${won}", due: "${due}" }
            with: { key: null, due: "${day+1}" }
            compare: { rules: [{ path: $.id, ignore: true }] }
        steps:
          - { call: look, as: before }
          - { when: { state: OPEN }, call: pay, with: { key: one } }
          - when: [{ state: SHUT }, { flag: true, size: { not: large } }]
            together: [{ call: pay, as: left, with: { key: l } }, { call: pay, as: right, with: { key: r, due: "${day-1}" } }]
        read-back: [look, { call: look, as: other, with: { id: "W-${case}" }, when: { state: SHUT } }]
        load: { path: /load, headers: { Key: "b-${batch}-x" }, lines-max: 3 }
        settle: { path: /totals, pointer: $.pending, equals: "0", within: 2s }
        compare: { headers: [etag] }
        invariants:
          - { name: never less, holds: look.$.sum >= before.$.sum }
          - { name: paid in full, for: [pay, left, right], when: { state: OPEN }, holds: $.paid == 2000 }

        """

    static func changing(_ line: String, to other: String) -> String {
        precondition(text.contains(line))
        return text.replacingOccurrences(of: line, with: other)
    }
}
