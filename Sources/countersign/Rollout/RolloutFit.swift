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
    var complaints: [String] { operationComplaints + placeComplaints + approvalComplaints + orderComplaint }

    /// Ends the command with everything that does not fit.
    func check() throws {
        let complaints = complaints
        guard !complaints.isEmpty else { return }
        for complaint in complaints { Screen.complain("countersign: the plan \(plan.name): \(complaint)") }
        throw ExitStatus.data.because("the plan \(plan.name) and the configuration do not fit")
    }

    /// What is `never` compared can't be proved, and never moves.
    private var compared: [String] { configuration.plan.operations.filter { $0.mode != .never }.map(\.name) }

    private var operationComplaints: [String] {
        var complaints: [String] = []
        let missing = compared.filter { name in
            !plan.unproved.contains(name)
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

    private var approvalComplaints: [String] {
        let approvers = configuration.adminSettings.access.tokens.filter { $0.may(.approver) }
        let asked = plan.approvalsAtMost
        var complaints = asked.sorted { $0.key < $1.key }.compactMap { role, number -> String? in
            let able = approvers.count { $0.approvesAs.contains(role) }
            guard able < number else { return nil }
            return
                "a stage waits for \(number) × `\(role)`, and \(able == 0 ? "no token approves" : "only \(able) approves") as that: add to "
                + "`admin.tokens`, as `{name: …, role: approver, approves-as: \(role), secret: …}`"
        }
        for token in approvers {
            let unasked = token.approvesAs.filter { asked[$0] == nil }
            guard !unasked.isEmpty else { continue }
            complaints.append(
                "no stage waits for \(list(unasked)), as which `\(token.name)` approves: mend the role in `approves-as`")
        }
        return complaints
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
