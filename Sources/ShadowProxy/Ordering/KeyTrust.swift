import Verdicts

/// What agreed on both sides, so that it may prove a key.
enum KeyProof: Sendable, Hashable {
    /// Every read-back that the key's doubt calls for.
    case readBacks
    /// A caller's read of what this read-back asks for, by its template; of all read-backs. It shows the key, or that neither side knows it.
    case read(of: String, all: [String], isHeld: Bool)
    /// A caller's read of the key, where no operation says how it is read back.
    case anyRead
}

/// What is known about a key beyond its queues: whether a comparison of it proves anything just now.
struct KeyTrust {
    /// Missed writes on disk (or on their way there) that the shadow has yet to take.
    var behind = 0
    var standing: KeyStanding = .trusted
    /// Why the key is not trusted.
    var cause = ""
    /// When it last became unverified, in the proxy's count of such events: only who asked the primary after that proves it.
    private(set) var doubt: UInt64 = 0
    /// The evidence of the first mismatch since the key last matched; later ones are its cascade.
    var root: String?
    /// Writes of the key that took their turn at the primary, so that a recheck knows whether one came between.
    var writes: UInt64 = 0
    /// Exchanges that still need this entry (a comparison off the lane, a recheck).
    var pins = 0
    /// A write of it may still be under way at a side, whatever became of who sent it: until that can't be, no agreement counts.
    private(set) var mayBeUnderWay = false
    /// Until when that may be, nanoseconds since the machine's start.
    var underWayUntil: UInt64 = 0
    var landingPlanned = false
    /// The read-backs, by their templates, that show the writes in doubt.
    private(set) var shownBy: [String] = []
    /// There are other writes in doubt: whatever read-back knows the key may show them.
    private(set) var isShownByAny = false
    /// What callers' reads have shown since the doubt, by templates: the key, or that it is unknown there.
    private var held: [String] = []
    private var absent: [String] = []
    /// A read-back is under way or waits for its time.
    var readBackPlanned = false
    var readBackTries = 0

    /// Nothing here is worth keeping once the queues are empty.
    var isPlain: Bool { behind == 0 && standing == .trusted && root == nil && pins == 0 && !readBackPlanned }
    /// Whether other lanes must ask before they compare something of this key.
    var isTroubled: Bool { behind > 0 || standing != .trusted || root != nil }

    /// - Parameter readBack: the template of the one that shows the write; nil: nobody knows which does.
    mutating func becomeUnverified(
        _ why: String, doubt: UInt64, readBack: String? = nil, mayBeUnderWay isPossible: Bool = false
    ) {
        mayBeUnderWay = mayBeUnderWay || isPossible
        if let readBack {
            if !shownBy.contains(readBack) { shownBy.append(readBack) }
        } else {
            isShownByAny = true
        }
        standing = .unverified
        cause = why
        self.doubt = doubt
        (held, absent) = ([], [])
    }

    /// Whatever was under way has come through by now, or never will. What was asked before shows nothing.
    mutating func land(doubt: UInt64) {
        mayBeUnderWay = false
        readBackTries = 0
        self.doubt = doubt
        (held, absent) = ([], [])
    }

    /// The sides agreed on it.
    ///
    /// - Parameter asked: the count of doubts before the primary was asked.
    /// - Returns: whether that makes the key trusted again. An answer from before the doubt shows nothing, nor does one that would not show
    ///   what is in doubt.
    mutating func agree(asked: UInt64, on proof: KeyProof) -> Bool {
        guard standing == .unverified, !mayBeUnderWay, asked >= doubt, suffices(proof) else { return false }
        trust()
        return true
    }

    private mutating func suffices(_ proof: KeyProof) -> Bool {
        guard case .read(let template, let all, let isHeld) = proof else { return true }
        if isHeld { held.append(template) } else { absent.append(template) }
        let isWhole = !isShownByAny || !held.isEmpty && all.allSatisfy { held.contains($0) || absent.contains($0) }
        return isWhole && shownBy.allSatisfy(held.contains)
    }

    mutating func trust() {
        standing = .trusted
        cause = ""
        mayBeUnderWay = false
        shownBy = []
        isShownByAny = false
        (held, absent) = ([], [])
        readBackTries = 0
    }
}

/// What the keys of one exchange were like when its turn at the shadow came, taken together.
struct KeyConditions: Sendable {
    var behind = 0
    var standing: KeyStanding = .trusted
    /// Names the key and what is wrong with it; nil when nothing is.
    var cause: String?
    var root: String?
    /// One of the keys is at another proxy too, which knows nothing of the order here.
    var isContested = false

    var isComparable: Bool { behind == 0 && standing == .trusted && !isContested }

    mutating func merge(_ other: KeyConditions) {
        behind += other.behind
        isContested = isContested || other.isContested
        if root == nil { root = other.root }
        let isWorse = other.standing == .diverged && standing != .diverged
        if isWorse || standing == .trusted { standing = other.standing }
        if isWorse || cause == nil { cause = other.cause ?? cause }
    }

    mutating func contest(_ key: RequestKey) {
        isContested = true
        if cause == nil { cause = "key-at-two-proxies: key \(key.text) was seen at another proxy too" }
    }

    mutating func add(_ key: RequestKey, _ trust: KeyTrust) {
        behind += trust.behind
        if root == nil { root = trust.root }
        switch trust.standing {
        case .trusted: break
        case .unverified:
            if standing == .trusted {
                standing = .unverified
                cause = "key \(key.text) is unverified: \(trust.cause)"
            }
        case .diverged:
            if standing != .diverged {
                standing = .diverged
                cause = "key \(key.text) has diverged: \(trust.cause)"
            }
        }
        if trust.behind > 0, standing != .diverged {
            cause = "key \(key.text) is behind (\(trust.behind) \(trust.behind == 1 ? "write" : "writes"))"
        }
    }
}
