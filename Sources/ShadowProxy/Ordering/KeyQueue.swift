import DequeModule
import Verdicts

/// The two queues of one key. The primary's advances when the primary is through with a request, the shadow's when the shadow is.
final class KeyQueue<Ticket: AnyObject> {
    /// One that waits for its turn at the primary.
    struct Waiter {
        let ticket: Ticket
        /// Where it is to go.
        var side: Side
        let manner: Manner
    }

    /// What a request makes of a key that is on the other side than it is to go to.
    enum Manner: Sendable {
        /// A write: it waits for the key to change sides, and so makes it change.
        case moves
        /// A read of one key: it goes where the key is.
        case follows
        /// A request of several keys that holds some of them already: it goes where those are, or has to begin anew.
        case joins
        /// What the proxy asks for itself: it goes where the key is, to both sides, and never makes it change.
        case looks

        /// Nothing is to change for it: it need not wait for the key to change sides, and goes past those that do.
        var goesWhereTheKeyIs: Bool { self == .follows || self == .looks }
    }

    var key: RequestKey
    /// Which side answers this key now. It changes only when both queues are empty and nothing is to be caught up.
    var side: Side = .legacy
    /// Whose turn it is at the primary.
    var holder: Ticket?
    var waiting = Deque<Waiter>()
    /// In the order in which the primary executed them; the first is under way or about to be.
    var shadow = Deque<Ticket>()
    var trust = KeyTrust()

    init(key: RequestKey) { self.key = key }

    /// Whether the other side could take over now: nothing is under way, it has taken every write, and nothing says that it may not have.
    var mayChange: Bool { shadow.isEmpty && trust.behind == 0 && trust.standing == .trusted }

    /// The candidate has yet to catch up, or is not known to be right: nobody waits for that, the legacy goes on.
    func stays(from target: Side) -> Bool {
        target == .candidate && side == .legacy && (trust.behind > 0 || trust.standing != .trusted)
    }

    /// Where one that is to go to `target` has its turn now; nil while it must wait.
    func turn(to target: Side, _ manner: Manner) -> Side? {
        guard holder == nil else { return nil }
        if manner == .looks { return side }
        if side == target || mayChange { return target }
        switch manner {
        case .follows, .looks: return side
        case .moves: return stays(from: target) ? side : nil
        case .joins: return nil
        }
    }

    /// Whether a caller's read that goes to both sides now could show that they are alike. One at a time: the key is free to change once it has
    /// agreed.
    private var awaitsProof: Bool {
        trust.standing == .unverified && !trust.mayBeUnderWay && trust.behind == 0 && shadow.isEmpty
    }

    /// A caller's read that goes where the key is although it is to go elsewhere leaves the shadow out: the key would never be free to change.
    /// Unless that is what it takes to be free.
    func overtakes(at side: Side, to target: Side, _ manner: Manner) -> Bool {
        manner == .follows && side != target && !stays(from: target) && !awaitsProof
    }

    /// The same of one that goes past a write which waits for the key to change sides.
    func overtakes(_ manner: Manner) -> Bool { manner == .follows && !awaitsProof }

    /// Its turn can't come before the key has changed sides.
    func isCrossing(_ target: Side) -> Bool { side != target && !stays(from: target) }

    var isIdle: Bool { holder == nil && waiting.isEmpty && shadow.isEmpty && trust.isPlain }
}
