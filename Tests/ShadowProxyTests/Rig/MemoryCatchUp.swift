import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Verdicts

/// A catch-up queue in memory, answering from its own thread in the order of the calls, as the real one does.
final class MemoryCatchUp: CatchUpStore {
    struct Kept {
        var writes: [MissedWrite] = []
        var standings: [String: (standing: KeyStanding, cause: String, side: Side?)] = [:]
        var lastID: Int64 = 0
        var attempts: [Int64: Int] = [:]
        var everAppended: [MissedWrite] = []
    }

    struct Refused: Error {}

    private let kept = NIOLockedValueBox(Kept())
    private let refusesAppends = NIOLockedValueBox(false)
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    init(_ writes: [MissedWrite] = [], standings: [String: (standing: KeyStanding, cause: String, side: Side?)] = [:]) {
        kept.withLockedValue { kept in
            kept.standings = standings
            for write in writes {
                kept.lastID += 1
                var write = write
                write.id = kept.lastID
                kept.writes.append(write)
            }
        }
    }

    var now: Kept { kept.withLockedValue { $0 } }

    func refuseAppends(_ refuses: Bool) { refusesAppends.withLockedValue { $0 = refuses } }

    /// As `countersign resync` does.
    func drop(key: String) {
        kept.withLockedValue { kept in
            kept.writes.removeAll { $0.keys.contains(key) }
            kept.standings[key] = nil
        }
    }

    func append(
        bytes: Int, _ make: @escaping @Sendable () -> MissedWrite,
        completion: @escaping @Sendable (Result<Int64, any Error>) -> Void
    ) {
        loop.execute { [self] in
            if refusesAppends.withLockedValue({ $0 }) { return completion(.failure(Refused())) }
            let id = kept.withLockedValue { kept in
                kept.lastID += 1
                var write = make()
                write.id = kept.lastID
                kept.writes.append(write)
                kept.everAppended.append(write)
                return write.id
            }
            completion(.success(id))
        }
    }

    func next(key: String, side: Side, completion: @escaping @Sendable (Result<MissedWrite?, any Error>) -> Void) {
        loop.execute { [self] in
            completion(.success(kept.withLockedValue { $0.writes.first { $0.keys.contains(key) && $0.side == side } }))
        }
    }

    func recordAttempt(id: Int64, cause: String) {
        loop.execute { [self] in
            kept.withLockedValue { kept in
                kept.attempts[id, default: 0] += 1
                if let place = kept.writes.firstIndex(where: { $0.id == id }) { kept.writes[place].attempts += 1 }
            }
        }
    }

    func remove(id: Int64, completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        loop.execute { [self] in
            kept.withLockedValue { $0.writes.removeAll { $0.id == id } }
            completion(.success(()))
        }
    }

    func setStanding(_ standing: KeyStanding, key: String, cause: String, side: Side) {
        loop.execute { [self] in
            kept.withLockedValue { $0.standings[key] = standing == .trusted ? nil : (standing, cause, side) }
        }
    }

    func load(completion: @escaping @Sendable (Result<CatchUpState, any Error>) -> Void) {
        loop.execute { [self] in
            let state = kept.withLockedValue { kept in
                var state = CatchUpState(standings: kept.standings)
                for write in kept.writes {
                    for key in write.keys { state.behind[key] = (write.side, (state.behind[key]?.writes ?? 0) + 1) }
                }
                return state
            }
            completion(.success(state))
        }
    }
}

/// Keeps all evidence it is offered.
final class EvidenceBox: EvidenceSink {
    private let kept = NIOLockedValueBox<[Evidence]>([])

    var all: [Evidence] { kept.withLockedValue { $0 } }

    func offer(bytes: Int, _ make: @escaping @Sendable () -> Evidence) -> Bool {
        kept.withLockedValue { $0.append(make()) }
        return true
    }
}
