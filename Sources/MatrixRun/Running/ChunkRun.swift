internal import CaseMatrix
internal import Synchronization

/// Takes rows through a side, chunk by chunk: accounts, steps, settling, read-backs.
///
/// The read-backs of one chunk and the steps of the next may overlap, but no steps run while a side settles: it would never be through.
final class ChunkRun: Sendable {
    let caller: SideCaller
    private let loading: FixtureLoading
    private let settling: Settling?
    private let notes = Mutex<[String]>([])

    init(_ caller: SideCaller, loading: FixtureLoading, settling: Settling?) {
        self.caller = caller
        self.loading = loading
        self.settling = settling
    }

    /// What should be known of the run beside its answers; bounded.
    var remarks: [String] { notes.withLock { $0 } }

    func load(_ plans: [CasePlan]) async -> [SideRun] { await caller.load(plans, loading) }

    func stepsAndSettle(_ plans: [CasePlan], after runs: [SideRun]) async -> [SideRun] {
        let runs = await caller.steps(plans, after: runs)
        if let settling, caller.gone == nil {
            // A side that did not settle once will hardly do so next time: it does not get the whole time again.
            let within = notes.withLock { $0.isEmpty } ? settling.withinMs : min(settling.withinMs, 500)
            if let note = await caller.settle(settling, withinMs: within) {
                notes.withLock { if $0.count < 3 { $0.append(note) } }
            }
        }
        return runs
    }

    func readBacks(_ plans: [CasePlan], after runs: [SideRun]) async -> [SideRun] {
        await caller.readBacks(plans, after: runs)
    }

    /// All of it, for a few rows.
    func whole(_ plans: [CasePlan]) async -> [SideRun] {
        await readBacks(plans, after: await stepsAndSettle(plans, after: await load(plans)))
    }
}
