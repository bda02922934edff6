import Migration
import ProxyConfiguration
import RolloutControl
import ShadowProxy

/// Whether a plan and the proxy's configuration are of one mind. Where they are not, something would move unproved, hold for ever, or lose its
/// zero tolerance to a misspelled name.
struct RolloutFit {
    let plan: RolloutPlan
    let configuration: CountersignConfiguration

    /// Each a sentence with the mend; empty when they fit.
    var complaints: [String] { operationComplaints + placeComplaints + audienceComplaint + approvalComplaints + orderComplaint }

    /// Ends the command with everything that does not fit.
    func check() throws {
        let complaints = complaints
        guard !complaints.isEmpty else { return }
        for complaint in complaints { Screen.complain("countersign: the plan \(plan.name): \(complaint)") }
        throw ExitStatus.data.because("the plan \(plan.name) and the configuration do not fit")
    }

    /// What is `never` compared can't be proved, and never moves.
    private var compared: [String] { configuration.plan.operations.filter { $0.mode != .never }.map(\.name) }
    /// Nor does what names no key.
    private var keyless: [String] { configuration.plan.operations.filter { $0.mode != .never && $0.keys.isEmpty }.map(\.name) }

    private var operationComplaints: [String] {
        var complaints: [String] = []
        let missing = compared.filter { name in
            !plan.unproved.contains(name) && !keyless.contains(name)
                && plan.audiences.contains { !$0.promotion.operations.contains { $0.name == name } }
        }
        if !missing.isEmpty {
            complaints.append(
                "it asks for no proof of \(list(missing)), which the proxy compares: they would move unproved; name them under "
                    + "`promotion.operations` of every audience, or under `unproved` where that is meant")
        }
        let proved = plan.audiences.flatMap { $0.promotion.operations.map(\.name) }
        let unknown = unique(proved).filter { !compared.contains($0) }
        if !unknown.isEmpty {
            complaints.append(
                "it asks for a proof of \(list(unknown)), which the proxy does not compare: no stage would ever begin; mend the name, or take it "
                    + "out of `promotion.operations`")
        }
        let still = unique(proved).filter { keyless.contains($0) }
        if !still.isEmpty {
            complaints.append(
                "it asks for a proof of \(list(still)), which names no key: the legacy answers it always, its comparisons are no evidence, and no "
                    + "stage would ever begin; give it a `key`, or take it out of `promotion.operations`")
        }
        let needless = plan.unproved.filter { !compared.contains($0) }
        if !needless.isEmpty {
            complaints.append(
                "`unproved` names \(list(needless.sorted())), which the proxy does not compare: mend the name, or take it out")
        }
        return complaints
    }

    private var placeComplaints: [String] {
        let places = unique(plan.audiences.flatMap { $0.promotion.criticalPlaces.map(\.description) }).map(CriticalPlace.init)
        return places.compactMap { place in
            guard let operation = place.operation, !compared.contains(operation) else { return nil }
            return
                "the critical place `\(place)` is of `\(operation)`, which the proxy does not compare: nothing would ever be critical there"
        }
    }

    private var audienceComplaint: [String] {
        let claimed = plan.audiences.filter { !$0.takesEveryone }.map(\.name)
        guard !claimed.isEmpty, configuration.rollout?.audienceHeader == nil else { return [] }
        return [
            "whoever is of \(list(claimed)) has a claim, and the configuration does not say which header brings it: nobody would ever be of them; add "
                + "`rollout.audience`, as `{header: X-Caller-Claims, proof: {…}}`"
        ]
    }

    /// Each person counts once in a stage, in one role: for any of its roles together there must be persons enough.
    private var approvalComplaints: [String] {
        let approvers = configuration.adminSettings.access.tokens.filter { $0.may(.approver) }
        let stages = (1...plan.lastStep + 1).map { plan.stage(at: $0)?.approvals ?? plan.retirement }
        return unique(stages.flatMap { complaints(of: $0, approvers) })
    }

    private func complaints(of demands: [ApprovalDemand], _ approvers: [AdminToken]) -> [String] {
        let lacking = demands.compactMap { demand -> String? in
            let able = approvers.count { $0.approvesAs.contains(demand.role) }
            guard able < demand.number else { return nil }
            return
                "a stage waits for \(demand), and \(able == 0 ? "no token approves" : "only \(able) approves") as that: add to `admin.tokens`, as "
                + "`{name: …, role: approver, approves-as: \(demand.role), secret: …}`"
        }
        guard lacking.isEmpty, demands.count > 1, demands.count < 16 else { return lacking }
        for choice in 1..<(1 << demands.count) {
            let chosen = demands.indices.filter { choice & (1 << $0) != 0 }.map { demands[$0] }
            let able = approvers.count { token in chosen.contains { token.approvesAs.contains($0.role) } }
            guard able < chosen.reduce(0, { $0 + $1.number }) else { continue }
            return [
                "a stage waits for \(chosen.map(\.description).joined(separator: ", ")), and only \(able) "
                    + "\(able == 1 ? "person" : "persons") may approve as any of them: each counts in one role; add to `admin.tokens`"
            ]
        }
        return []
    }

    private var orderComplaint: [String] {
        do throws(PlanError) { try ShadowProxy.checkForRollout(configuration.plan) } catch { return [error.description] }
        return []
    }

    private func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

    private func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
