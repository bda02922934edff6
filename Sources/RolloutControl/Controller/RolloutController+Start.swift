internal import Foundation
public import Migration

extension RolloutController {
    /// Puts in force what holds, before the first request: call it before the listener opens.
    ///
    /// - Returns: the table that every lane was given.
    public func start() async throws(RolloutStartError) -> PlacementTable {
        await turns.enter()
        do throws(RolloutStartError) {
            let table = try await open()
            await turns.leave()
            return table
        } catch {
            await turns.leave()
            throw error
        }
    }

    private func open() async throws(RolloutStartError) -> PlacementTable {
        try await openShare()
        if document.state.isRetired { await placer.retire() }
        await placer.place(rules.placement(document))
        try await openEvidence()
        if exchange == nil { enterStart() }
        do { try storeRecord() } catch { throw RolloutStartError(error.description) }
        // The lanes must not open without it.
        await heedKillFile()
        await carryOutWhatIsLeft()
        await settleOwed()
        publishStanding()
        oweWhatWasAsked()
        await tellOwed()
        return rules.placement(document)
    }

    /// A log that ends with something that a crash kept from happening says so here.
    private func enterStart() {
        let action = AuditedAction(
            "started", details(["stage": setup.plan.title(of: document.state.step), "owed": "\(record.owed.count)"]))
        do {
            let line = try AuditLine(action, after: disk.head, at: now())
            try disk.append(line)
            record.document.head = line.head
            document.head = line.head
        } catch { trouble("the audit log", "The start is not in the audit log: \(error)") }
    }

    func details(_ more: [String: String]) -> [String: String] {
        more.merging(["plan": setup.plan.name]) { given, _ in given }
    }

    /// Goes on with the evidence of the last run, so that a restart is no fresh try.
    private func openEvidence() async throws(RolloutStartError) {
        let basis = await plane.basis()
        share.basisLast = basis
        do {
            let fresh = try newEvidence(basis)
            if exchange != nil {
                alarms = EvidenceKeeper(plan: setup.plan, evidence: fresh)
                return
            }
            let isFirst = document.version == 1 && document.state == record.document.state && disk.head.sequence == 0
            guard let bytes = try disk.read(RolloutFolder.evidenceName) else {
                keeper = EvidenceKeeper(plan: setup.plan, evidence: fresh)
                if !isFirst { lostEvidence = "the evidence of the last run is not there" }
                return
            }
            do {
                let stored = try EvidenceKeeper(plan: setup.plan, stored: bytes)
                // Of an earlier stage: this one began, and the crash came before its first evidence was stored.
                keeper =
                    stored.evidence.stage == document.state.stage ? stored : EvidenceKeeper(plan: setup.plan, evidence: fresh)
            } catch {
                keeper = EvidenceKeeper(plan: setup.plan, evidence: fresh)
                lostEvidence = "the evidence of the last run can't be read"
            }
        } catch let error as RolloutError {
            throw RolloutStartError(error.description)
        } catch {
            throw RolloutStartError("\(error).")
        }
    }
}
