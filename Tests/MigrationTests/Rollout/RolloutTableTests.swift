import Testing

@testable import Migration

@Suite("Every situation and everything that can happen in it")
struct RolloutTableTests {
    /// `U` up by a step, `D` back to the shadow, `K` killed, `L` released, `X` retired, `R` refused, `n` noted without moving traffic,
    /// `!` told to somebody without anything noted, `-` nothing.
    ///
    /// In the order of `Happening`: promote hold reject stale void · request approve · pause resume freeze unfreeze · rollback kill
    /// release · time late · retire.
    static let table: [RolloutScenes.Scene: String] = [
        .fresh: "nnD-n RR nRn- DKR -n R",
        .proven: "-nD-n nn nRn- DKR -n R",
        .approved: "-nD-n UR nRn- DKR -n R",
        .requested: "-nD-n !U nRn- DKR -n R",
        .last: "-nD-n RR nRn- DKR -n X",
        .paused: "-nD-n RR Rnn- DKR -n R",
        .frozen: "-nD-n nR nR-n DKR -n R",
        .latched: "nnn-n RR nnn- -KR -n R",
        .killed: "nnD-n RR nRn- DRn -n R",
        .half: "nnD-n RR nRn- DRL -n R",
        .overdue: "-nD-n UR nRn- DKR -- R",
        .retired: "----- RR RR-- !RR -- R",
    ]

    @Test("leads to what the table says", arguments: RolloutScenes.Scene.allCases)
    func table(scene: RolloutScenes.Scene) throws {
        let codes = try #require(Self.table[scene]).filter { $0 != " " }
        try #require(codes.count == RolloutScenes.Happening.allCases.count)
        for (happening, code) in zip(RolloutScenes.Happening.allCases, codes) {
            var (rollout, now) = RolloutScenes.make(scene)
            let before = rollout.state
            let event = RolloutScenes.event(happening, for: rollout)
            let later = Int64(happening == .late ? RolloutScenes.maximumMs : 0)
            let actions = rollout.handle(event, at: now.advanced(byMilliseconds: later))
            #expect(self.code(before, rollout.state, actions) == code, "\(scene), \(happening): \(actions)")
            checkOrder(actions, code, "\(scene), \(happening)")
        }
    }

    private func code(_ before: RolloutState, _ after: RolloutState, _ actions: [RolloutAction]) -> Character {
        if actions.contains(.retire) { return "X" }
        if before.kill == nil, after.kill != nil { return "K" }
        if before.kill != nil, after.kill == nil { return "L" }
        if after.step > before.step { return "U" }
        if actions.contains(.place) { return "D" }
        if actions.contains(where: { if case .refuse = $0 { true } else { false } }) { return "R" }
        if after != before { return "n" }
        return actions.isEmpty ? "-" : "!"
    }

    /// Raising waits for the audit entry, lowering does not; whatever moves traffic is audited.
    private func checkOrder(_ actions: [RolloutAction], _ code: Character, _ title: String) {
        guard "UDKLX".contains(code) else { return }
        let audit = actions.firstIndex { action in
            guard case .audit(let entry) = action else { return false }
            return ["promoted", "rolled-back", "killed", "released", "retired"].contains(entry.action)
        }
        let move = actions.firstIndex { $0 == .place || $0 == .retire }
        guard let audit, let move else {
            Issue.record("\(title): no audit entry or no move")
            return
        }
        #expect("DK".contains(code) ? move < audit : audit < move, "\(title)")
        #expect(actions.contains { if case .notice = $0 { true } else { false } }, "\(title)")
    }
}
