import Comparison
import Foundation
import ShadowProxy
import Testing

@testable import ProxyConfiguration
@testable import RuleFiles

/// The ready file for the reference pair.
@Suite struct BankFileTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures/countersign-bank.yaml").path
    private static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

    @Test func readsAsItIsMeant() throws {
        let configuration = try CountersignConfiguration.load(path: Self.path, environment: [:])
        #expect(configuration.plan.trusted)
        #expect(configuration.plan.listen == Endpoint(host: "127.0.0.1", port: 7000))
        #expect(configuration.admin == Endpoint(host: "127.0.0.1", port: 7001))
        #expect(configuration.plan.legacy.endpoint == Endpoint(host: "127.0.0.1", port: 7100))
        #expect(configuration.plan.candidate.endpoint == Endpoint(host: "127.0.0.1", port: 7200))
        #expect(configuration.plan.candidateShare == 0)
        #expect(configuration.plan.unknownSafeMode == .never)
        #expect(
            configuration.channels == [
                ChannelSettings(
                    name: "receiver", url: "http://127.0.0.1:7300/hook", secret: nil,
                    allowNetworks: ["127.0.0.1"])
            ])
        let operations = configuration.plan.operations
        #expect(
            operations.map(\.name) == [
                "account", "preview", "payout", "transaction", "transfer", "closure", "status", "rates", "fixtures",
            ])
        #expect(operations.dropLast().allSatisfy { $0.order == .key && !$0.keys.isEmpty })
        #expect(operations.map(\.mode) == [.read, .read] + Array(repeating: .mirroredWrite, count: 6) + [.never])
        #expect(operations[4].keys == [.body("$.from"), .body("$.to")])
        #expect(operations[7].keys == [.path("code")])
        #expect(operations[2..<7].allSatisfy { $0.notDone == [NotDoneAnswer(status: 409, code: "ACCOUNT_BUSY")] })
        #expect(operations[2..<7].allSatisfy { $0.readBack == "/v1/accounts/{key}" })
    }

    @Test func itsRulesJudgeMoneyAndIds() throws {
        let configuration = try CountersignConfiguration.load(path: Self.path, environment: [:])
        let transfer = configuration.plan.operations[4]
        func compare(_ primary: String, _ shadow: String) -> [Difference] {
            Array(primary.utf8).withUnsafeBytes { primary in
                Array(shadow.utf8).withUnsafeBytes { shadow in
                    Array("application/json".utf8).withUnsafeBytes { type in
                        var comparator = Comparator()
                        return comparator.compare(
                            primary: AnswerView(status: 201, contentType: type, body: primary),
                            shadow: AnswerView(status: 201, contentType: type, body: shadow), rules: transfer.rules
                        ).differences
                    }
                }
            }
        }
        let primary = #"{"transferId":"T1","from":{"accountId":"A","balanceAfter":5},"to":{"accountId":"B","balanceAfter":7}}"#
        #expect(compare(primary, primary.replacingOccurrences(of: "T1", with: "T2")).isEmpty)
        let found = compare(primary, primary.replacingOccurrences(of: "7", with: "8"))
        #expect(found.map(\.path) == ["$.to.balanceAfter"] && found.map(\.severity) == [.critical])
        #expect(compare(primary, primary.replacingOccurrences(of: #""B""#, with: #""C""#)).map(\.severity) == [.major])
    }

    @Test func aSecretOfTheEnvironmentMustBeThere() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
            .replacingOccurrences(of: "secret: none", with: "secret: { env: COUNTERSIGN_WEBHOOK_SECRET }")
        let signed = try CountersignConfiguration.parse(
            text: text, named: "bank.yaml", environment: ["COUNTERSIGN_WEBHOOK_SECRET": Self.secret])
        #expect(signed.channels.first?.secret == Self.secret)
        let error = #expect(throws: ConfigurationError.self) {
            try CountersignConfiguration.parse(text: text, named: "bank.yaml", environment: [:])
        }
        #expect(error?.problems.count == 1)
        #expect(
            error?.description.contains(
                "alerts.channels[0].secret.env: the environment variable `COUNTERSIGN_WEBHOOK_SECRET` is not set") == true)
    }
}
