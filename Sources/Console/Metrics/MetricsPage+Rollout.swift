import Migration
import RolloutControl

extension MetricsPage {
    /// Where the rollout stands, and what it does to the traffic.
    mutating func rollout(_ status: RolloutStatus) {
        func gauge(_ name: String, _ help: String, _ value: Int) {
            family("countersign_rollout_" + name, .gauge, help, [Sample(value)])
        }
        family(
            "countersign_rollout_candidate_share_ppm", .gauge,
            "Of the keys of each audience that the candidate answers, in millionths.",
            status.audiences.map { Sample($0.candidate * 10, ["audience": $0.name]) })
        family(
            "countersign_rollout_placements_total", .counter, "Requests by the rule that said which side answers.",
            status.placements.sorted { $0.key < $1.key }.map { Sample($0.value, ["reason": $0.key]) })
        gauge("killed", "1 while the kill switch is thrown.", status.kill == nil ? 0 : 1)
        gauge("latched", "1 after a rollback, until somebody resumes.", status.latch == nil ? 0 : 1)
        gauge("may_move", "1 when nothing holds the next stage.", status.mayMove ? 1 : 0)
        gauge("keys_written", "Keys noted as written by the candidate.", status.handOvers.writtenKeys)
        gauge("keys_leaving", "Keys that are to change sides and have something under way.", status.handOvers.keysLeaving)
        gauge("writes_waiting", "Writes that wait for their key to change sides.", status.handOvers.writesWaiting)
        gauge("keys_behind", "Keys that the legacy is to answer once it has caught up.", status.handOvers.keysBehind)
        family(
            "countersign_rollout_controls_total", .counter, "Planted mismatches, and those of them that the comparison saw.",
            [
                Sample(status.controls.planted, ["outcome": "planted"]), Sample(status.controls.seen, ["outcome": "seen"]),
            ])
        gauge("shared_state_up", "1 unless the store that proxies share does not answer.", status.awaySince == nil ? 1 : 0)
        gauge(
            "troubles", "What is wrong with the rollout's files and stores; `countersign rollout status` says it.",
            status.troubles.count)
    }
}
