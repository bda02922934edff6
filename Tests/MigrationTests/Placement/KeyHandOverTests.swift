import Testing

@testable import Migration

@Suite("A key's hand-over")
struct KeyHandOverTests {
    enum Input: Sendable, Hashable, CaseIterable {
        case toLegacy, toLegacyDrained, toCandidate, toCandidateDrained, drained, write, expired
    }

    static func feed(_ key: inout KeyHandOver, _ input: Input) -> KeyHandOver.Action {
        switch input {
        case .toLegacy: key.placementChanged(to: .legacy, isDrained: false)
        case .toLegacyDrained: key.placementChanged(to: .legacy, isDrained: true)
        case .toCandidate: key.placementChanged(to: .candidate, isDrained: false)
        case .toCandidateDrained: key.placementChanged(to: .candidate, isDrained: true)
        case .drained: key.queueDrained()
        case .write: key.writeArrived()
        case .expired: key.waitExpired()
        }
    }

    /// From the legacy, with room for two writes: inputs and the actions they lead to, and the side at the end.
    static let table: [([Input], [KeyHandOver.Action], AnsweringSide)] = [
        ([.write, .drained, .expired], [.send(.legacy), .none, .none], .legacy),
        ([.toLegacy, .toLegacyDrained], [.none, .none], .legacy),
        // Nothing under way: at once.
        ([.toCandidateDrained, .write], [.release(to: .candidate), .send(.candidate)], .candidate),
        // Something under way: writes wait, reads stay, and only the drained queue moves the key.
        ([.toCandidate], [.none], .legacy),
        ([.toCandidate, .write], [.none, .wait(startingTimer: true)], .legacy),
        (
            [.toCandidate, .write, .write, .drained, .write],
            [.none, .wait(startingTimer: true), .wait(startingTimer: false), .release(to: .candidate), .send(.candidate)],
            .candidate
        ),
        ([.toCandidate, .drained], [.none, .release(to: .candidate)], .candidate),
        // One more than there is room for.
        (
            [.toCandidate, .write, .write, .write],
            [.none, .wait(startingTimer: true), .wait(startingTimer: false), .refuse], .legacy
        ),
        // Waited too long: those that wait are refused, those that come are too, until it has moved.
        (
            [.toCandidate, .write, .expired, .write, .expired, .drained, .write],
            [
                .none, .wait(startingTimer: true), .refuseWaiting, .refuse, .none, .release(to: .candidate), .send(.candidate),
            ], .candidate
        ),
        // An expired timer without anybody waiting is late news.
        ([.toCandidate, .expired, .write], [.none, .none, .wait(startingTimer: true)], .legacy),
        // Called back: what waits goes where the key still is.
        (
            [.toCandidate, .write, .toLegacy, .write],
            [.none, .wait(startingTimer: true), .release(to: .legacy), .send(.legacy)], .legacy
        ),
        (
            [.toCandidate, .write, .expired, .toLegacy, .write],
            [.none, .wait(startingTimer: true), .refuseWaiting, .release(to: .legacy), .send(.legacy)], .legacy
        ),
        // The same news again changes nothing, unless it has drained meanwhile.
        ([.toCandidate, .toCandidate, .toCandidateDrained], [.none, .none, .release(to: .candidate)], .candidate),
        // And back.
        (
            [.toCandidateDrained, .toLegacy, .write, .drained],
            [.release(to: .candidate), .none, .wait(startingTimer: true), .release(to: .legacy)],
            .legacy
        ),
    ]

    @Test("each course leads to its actions", arguments: table.indices)
    func course(index: Int) {
        let (inputs, actions, side) = Self.table[index]
        var key = KeyHandOver(side: .legacy, waitingMax: 2)
        let found = inputs.map { Self.feed(&key, $0) }
        #expect(found == actions)
        #expect(key.side == side)
    }

    @Test(
        "whatever comes: no write is sent while the key leaves, every waiting write is released or refused, and none is kept beyond the bound"
    )
    func laws() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            var key = KeyHandOver(side: .legacy, waitingMax: 3)
            var waiting = 0
            for _ in 0..<40 {
                let input = Input.allCases[Int(random.next() % UInt64(Input.allCases.count))]
                let before = key
                switch Self.feed(&key, input) {
                case .none, .refuse: break
                case .send(let side):
                    #expect(!before.isLeaving && side == before.side)
                case .wait(let startingTimer):
                    #expect(before.isLeaving)
                    #expect(startingTimer == (waiting == 0))
                    waiting += 1
                case .release(let side):
                    #expect(side == key.side && !key.isLeaving)
                    waiting = 0
                case .refuseWaiting:
                    #expect(key.side == before.side && waiting > 0)
                    waiting = 0
                }
                // A side changes only with the queues empty.
                if key.side != before.side { #expect([.drained, .toLegacyDrained, .toCandidateDrained].contains(input)) }
                #expect(key.waiting == waiting && waiting <= 3)
            }
        }
    }
}
