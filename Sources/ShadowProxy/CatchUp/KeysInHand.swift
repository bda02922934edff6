import DequeModule
import Verdicts

/// A key with missed writes.
final class BehindKey {
    let key: String
    let side: Side
    var outstanding = 0
    /// Its oldest write, once the store has said it.
    fileprivate(set) var first: MissedWrite?
    /// The question to the store that is under way; the answer to an older one is out of date.
    fileprivate(set) var fetch: UInt64?
    /// Trusted by hand: what the store has no longer is missed no longer.
    var isResynced = false
    /// What is left of it is dropped.
    var isDiverged = false
    fileprivate var isInLine = false

    init(key: String, side: Side) {
        self.key = key
        self.side = side
    }

    var isFetching: Bool { fetch != nil }
    var isInHand: Bool { fetch != nil || first != nil }
    fileprivate var bytesInHand: Int { first.map { $0.request.body.count + $0.primary.body.count } ?? 0 }
}

/// How many of the keys that are behind have their oldest write in memory, or on its way there; the others stand in line on disk. A key
/// that the write of another waits for comes beyond the bound, or nothing might ever go.
struct KeysInHand {
    private static let keysMax = 256
    private static let bytesMax = 4 * 1_024 * 1_024

    private var line = Deque<BehindKey>()
    private var count = 0
    private var bytes = 0

    var hasRoom: Bool { count < Self.keysMax && bytes < Self.bytesMax }

    mutating func hold(_ key: BehindKey, _ first: MissedWrite?, fetch: UInt64? = nil) {
        count -= key.isInHand ? 1 : 0
        bytes -= key.bytesInHand
        key.first = first
        key.fetch = fetch
        count += key.isInHand ? 1 : 0
        bytes += key.bytesInHand
    }

    mutating func putInLine(_ key: BehindKey) {
        guard !key.isInLine else { return }
        key.isInLine = true
        line.append(key)
    }

    /// nil when nobody stands in line, or there is no room.
    mutating func nextInLine() -> BehindKey? {
        guard hasRoom, let key = line.popFirst() else { return nil }
        key.isInLine = false
        return key
    }
}
