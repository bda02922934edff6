import Logging
import Migration
import ProxyConfiguration
import Reports
import ServiceLifecycle
import ShadowProxy
import UnixSignals

/// SIGHUP: reads the configuration again. Whatever is wrong with it, the old plan stays in force.
struct PlanReload: Service {
    let settings: ProxySettings
    let running: CountersignConfiguration
    let parts: ProxyParts
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                try await reload()
            } catch let error as PlanError {
                logger.error("the old plan stays in force: \(error.description)")
            } catch {
                // Reading the file has said what is wrong with it, line by line.
                logger.error("the old plan stays in force")
            }
        }
    }

    private func reload() async throws {
        let next = try settings.load { running.stateDirectory }
        let stuck = next.keysNeedingRestart(comparedWith: running)
        guard stuck.isEmpty else {
            let keys = stuck.map { "`\($0)`" }.joined(separator: ", ")
            logger.error("the old plan stays in force: \(keys) can change only with a restart")
            return
        }
        if let plan = parts.rollout?.plan {
            let complaints = RolloutFit(plan: plan, configuration: next).complaints
            if let first = complaints.first {
                let more =
                    complaints.count == 1 ? "" : " (and \(complaints.count - 1) more; `countersign config check` lists them)"
                logger.error(
                    "the old plan stays in force: the rollout's plan \(plan.name) does not fit the new one: \(first)\(more)")
                return
            }
        }
        try await parts.proxy.reload(next.planWithHandOver)
        parts.rollout?.plane.rulesChanged(next.plan)
        let restarts =
            next.channels == running.channels && next.alertRules == running.alertRules
            ? "" : "; the alert channels will change with a restart"
        logger.notice("the plan was read again: \(ReportText.count(next.plan.operations.count, "operation"))\(restarts)")
    }
}
