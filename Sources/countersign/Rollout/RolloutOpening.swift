import Alerting
import Foundation
import Migration
import ProxyConfiguration
import RolloutControl
import RolloutPlans
import RuleFiles
import ShadowProxy
import Verdicts

/// A rollout that the configuration names, before there is a proxy: its plan, what its lanes need, and the ledger of written keys.
struct RolloutOpening {
    let plan: RolloutPlan
    let settings: RolloutSettings
    let written: SQLWrittenKeys
    private let bell = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Nil where the configuration names none.
    init?(_ configuration: CountersignConfiguration, _ database: StateDatabase) throws {
        guard let settings = configuration.rollout else { return nil }
        self.settings = settings
        plan = try Self.plan(settings.planFile)
        try RolloutFit(plan: plan, configuration: configuration).check()
        written = SQLWrittenKeys(database: database)
    }

    /// Reads a plan or ends the command with everything that is wrong with it.
    static func plan(_ file: String) throws -> RolloutPlan {
        guard FileManager.default.fileExists(atPath: file) else { throw ExitStatus.noInput.because("there is no plan \(file)") }
        do {
            return try RolloutPlanFile.load(path: file)
        } catch {
            Screen.complain(error.description)
            let count = error.problems.count
            throw ExitStatus.data.because("the plan \(file) has \(count == 1 ? "an error" : "\(count) errors")")
        }
    }

    /// Stages and audiences that routes of alerts name and this plan does not have: nothing is ever told by those routes.
    static func unknown(to plan: RolloutPlan?, in routes: [AlertRoute]) -> [String] {
        let steps = plan.map { plan in Set((0...plan.lastStep).map { plan.title(of: $0) }) } ?? []
        let audiences = Set(plan?.audiences.map(\.name) ?? [])
        let stagesNamed = routes.reduce(into: Set<String>()) { $0.formUnion($1.stages) }
        let audiencesNamed = routes.reduce(into: Set<String>()) { $0.formUnion($1.audiences) }
        return stagesNamed.subtracting(steps).sorted().map { "stage `\($0)`" }
            + audiencesNamed.subtracting(audiences).sorted().map { "audience `\($0)`" }
    }

    /// As the lanes begin: in the shadow, until the rollout has said where it stands.
    func traffic() throws -> RolloutTraffic {
        var traffic = RolloutTraffic(
            plan: plan.name, salt: plan.salt, table: PlacementTable(plan: plan, step: 0, isKilled: false), store: written)
        traffic.written = try written.all().map(\.key)
        traffic.audience = AudienceSource(
            header: settings.audienceHeader, proof: settings.audienceProof.map { ($0.header, Array($0.secret.utf8)) })
        if case .header(let name) = settings.candidateBuild { traffic.buildHeader = name }
        traffic.ring = { [bell] in bell.continuation.yield() }
        return traffic
    }

    func plane(
        _ proxy: ShadowProxy, _ plan: ProxyPlan, _ database: StateDatabase, _ evidence: EvidenceWriter
    ) -> ProxyTraffic {
        ProxyTraffic(
            proxy: proxy, written: written, database: database, evidence: evidence, plan: plan, settings: settings,
            bell: bell.stream)
    }

    /// - Throws: the exit, after a sentence, where what an earlier run left will not do.
    func controller(
        _ plane: ProxyTraffic, teller: any RolloutTeller, exchange: (any RolloutExchange)?, isAutomatic: Bool, state: String,
        log: @escaping @Sendable (String) -> Void
    ) throws -> RolloutController {
        let setup = RolloutSetup(
            plan: plan, isAutomatic: isAutomatic || settings.isAutomatic, folder: state,
            killFile: settings.killFile(in: state))
        do {
            return try RolloutController(setup, plane: plane, teller: teller, exchange: exchange, log: log)
        } catch {
            throw ExitStatus.data.because(error.description)
        }
    }
}

extension CountersignConfiguration {
    /// The data plane's plan, with the bounds of hand-overs that stand under `rollout`.
    var planWithHandOver: ProxyPlan {
        var plan = plan
        if let rollout {
            plan.limits.handOverWaitMs = rollout.handOverWaitMs
            plan.limits.handOverWaitingMax = rollout.handOverWaitingMax
        }
        return plan
    }
}
