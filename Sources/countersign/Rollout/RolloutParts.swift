import Migration
import RolloutControl
import Verdicts

/// A rollout that is carried out by a running proxy.
struct RolloutParts: Sendable {
    let plan: RolloutPlan
    let plane: ProxyTraffic
    let written: SQLWrittenKeys
    let controller: RolloutController

    /// Puts in force what an earlier run left; before the listener opens.
    func start() async throws {
        do {
            _ = try await controller.start()
        } catch {
            throw ExitStatus.data.because(error.description)
        }
    }
}
