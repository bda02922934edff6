import ArgumentParser
import PayoutService

struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "List the faults that `bank payout --fault NAME` composes in.")

    func run() async throws {
        let width = Faults.all.map(\.name.count).max() ?? 0
        for fault in Faults.all {
            let name = fault.name + String(repeating: " ", count: width - fault.name.count)
            Terminal.print("\(name)  \(fault.about) (\(fault.policy))")
        }
    }
}
