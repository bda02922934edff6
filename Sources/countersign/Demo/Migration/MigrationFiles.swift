import Foundation

/// The files of a demo's migration: a plan with its salt, the configuration, and the tokens of two persons.
enum MigrationFiles {
    /// The one who moves traffic, and the one who has to agree.
    static let people = ["kim", "lee"]

    static func token(of person: String, _ act: String, in folder: DemoFolder) -> URL { folder.file("\(act)-\(person).token") }

    /// Who the callers are: the holders of the first accounts.
    static let audiences = ["developers=20", "staff=100"]

    static func plan() -> String {
        """
        # Who moves first, what has to be shown before more do, and who has to agree: docs/migration.md.
        name: interest-payout
        salt: { file: salt }
        shadow: { minimum: 2s }
        stage: { minimum: 2s }
        audiences:
          - { name: developers, claim: developers, stages: [100] }
          - { name: staff, claim: staff, stages: [100] }
          - name: all
            everyone: true
            stages: [1, 10, { candidate: 50, approvals: [risk] }, 90, 100]
        promotion:
          operations: [account, preview, payout]
          good-rate: 0.1%
          bad-rate: 3%
          critical-places: [$..netInterest, $..balance, $..balanceAfter]
        # The demo's callers do none of these.
        unproved: [transaction, transfer, closure, status, rates]
        rollback: { written-keys: return }

        """
    }

    /// The configuration's path.
    static func write(_ act: String, webhook: String, in folder: DemoFolder) throws -> URL {
        try secret(folder.file("salt"))
        for person in people { try secret(token(of: person, act, in: folder)) }
        let plan = folder.file("\(act)-plan.yaml")
        try Data(Self.plan().utf8).write(to: plan)
        let file = folder.file("\(act)-countersign.yaml")
        try Data(try configuration(act, plan: plan, webhook: webhook).utf8).write(to: file)
        return file
    }

    /// The ready file for the bank, with a plan in the place of its share, persons for the admin port, the demo's receiver in the place of its
    /// channels, and sides that may be restarted.
    private static func configuration(_ act: String, plan: URL, webhook: String) throws -> String {
        let ready = String(decoding: try InputFile.bytes(DemoFolder.fixture("countersign-bank.yaml").path), as: UTF8.self)
        let kept = ready.range(of: "\nalerts:").map { String(ready[..<$0.lowerBound]) } ?? ready
        let lines = kept.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            if line.hasPrefix("share:") || line.hasPrefix("salt:") || line.hasPrefix("admin:") { return [] }
            if line.hasPrefix("    url:") { return [String(line), "    patience: 5s"] }
            return [String(line)]
        }
        return lines.joined(separator: "\n") + """

            admin:
              tokens:
                - { name: kim, role: operator, secret: { file: \(act)-kim.token } }
                - { name: lee, role: [operator, approver], approves-as: risk, secret: { file: \(act)-lee.token } }
            rollout:
              plan: \(plan.lastPathComponent)
              audience: { header: X-Audience }
              candidate-build: { text: demo }
            alerts:
              channels:
                - name: demo
                  url: \(webhook)
                  format: slack
                  secret: none
                  allow-http: true
                  allow-networks: [127.0.0.0/8]

            """
    }

    private static func secret(_ file: URL) throws {
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        let digits = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
        guard
            FileManager.default.createFile(atPath: file.path, contents: Data(digits.utf8), attributes: [.posixPermissions: 0o600])
        else { throw ExitStatus.cannotCreate.because("can't write \(file.path)") }
    }
}
