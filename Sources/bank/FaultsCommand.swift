import ArgumentParser
import Foundation
import PayoutService

struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "List the faults that `bank payout --fault NAME` composes in.")

    @Flag(help: "As a JSON array of objects with name, policy and about.")
    var json = false

    private struct Line: Encodable {
        var name: String, policy: String, about: String
    }

    func run() async throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let lines = Faults.all.map { Line(name: $0.name, policy: $0.policy, about: $0.about) }
            Terminal.print(String(decoding: try encoder.encode(lines), as: UTF8.self))
            return
        }
        let names = Faults.all.map(\.name.count).max() ?? 0
        let policies = Faults.all.map(\.policy.count).max() ?? 0
        for fault in Faults.all {
            Terminal.print("\(padded(fault.name, names))  \(padded(fault.policy, policies))  \(fault.about)")
        }
    }

    private func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
}
