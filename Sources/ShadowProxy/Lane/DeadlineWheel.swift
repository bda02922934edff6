/// Whatever waits for a point in time.
protocol DeadlineOwner: AnyObject {
    /// The time set by `schedule` has come. `purpose` is what was given there.
    func deadlineReached(_ purpose: UInt8)
}

/// All deadlines of a lane in one ring of buckets, turned by one repeating timer: no scheduled task per request.
///
/// Setting and cancelling cost a few integer stores; a cancelled deadline lets go of its owner at once. Times are exact to one
/// tick and never early.
struct DeadlineWheel {
    /// Names a deadline until it is reached or cancelled; harmless afterwards.
    struct Handle {
        fileprivate var slot: Int32 = -1
        fileprivate var generation: UInt32 = 0

        static let none = Handle()
        var isNone: Bool { slot < 0 }
    }

    private struct Entry {
        var owner: (any DeadlineOwner)?
        var tick: UInt64 = 0
        var generation: UInt32 = 0
        var previous: Int32 = -1
        var next: Int32 = -1
        var purpose: UInt8 = 0
    }

    let tickMs: Int
    private let mask: Int
    private var buckets: [Int32]
    private var entries: [Entry] = []
    private var free: [Int32] = []
    /// The last tick that was turned to.
    private(set) var now: UInt64 = 0
    private(set) var count = 0

    /// - Parameter bucketsLog2: the ring has 2^n buckets; longer times go around more than once.
    init(tickMs: Int = 10, bucketsLog2: Int = 10) {
        self.tickMs = max(1, tickMs)
        self.mask = (1 << bucketsLog2) - 1
        self.buckets = Array(repeating: -1, count: 1 << bucketsLog2)
    }

    mutating func schedule(_ owner: any DeadlineOwner, afterMs: Int, purpose: UInt8 = 0) -> Handle {
        // One tick more, since the current one is partly over.
        let ticks = UInt64(max(0, afterMs) / tickMs + (max(0, afterMs) % tickMs == 0 ? 0 : 1) + 1)
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = Int32(truncatingIfNeeded: entries.count)
            entries.append(Entry())
        }
        let index = Int(slot)
        let bucket = Int(truncatingIfNeeded: now + ticks) & mask
        let head = buckets[bucket]
        entries[index].owner = owner
        entries[index].tick = now + ticks
        entries[index].purpose = purpose
        entries[index].previous = -1
        entries[index].next = head
        if head >= 0 { entries[Int(head)].previous = slot }
        buckets[bucket] = slot
        count += 1
        return Handle(slot: slot, generation: entries[index].generation)
    }

    mutating func cancel(_ handle: inout Handle) {
        defer { handle = .none }
        guard handle.slot >= 0, Int(handle.slot) < entries.count else { return }
        let index = Int(handle.slot)
        guard entries[index].generation == handle.generation, entries[index].owner != nil else { return }
        unlink(index)
    }

    /// Turns by one tick and hands over what is due, in no particular order.
    mutating func advance(_ due: inout [(owner: any DeadlineOwner, purpose: UInt8)]) {
        now += 1
        var slot = buckets[Int(truncatingIfNeeded: now) & mask]
        while slot >= 0 {
            let index = Int(slot)
            slot = entries[index].next
            guard entries[index].tick <= now else { continue }
            if let owner = entries[index].owner { due.append((owner, entries[index].purpose)) }
            unlink(index)
        }
    }

    private mutating func unlink(_ index: Int) {
        let previous = entries[index].previous
        let next = entries[index].next
        if previous >= 0 {
            entries[Int(previous)].next = next
        } else {
            buckets[Int(truncatingIfNeeded: entries[index].tick) & mask] = next
        }
        if next >= 0 { entries[Int(next)].previous = previous }
        entries[index].owner = nil
        entries[index].previous = -1
        entries[index].next = -1
        entries[index].generation &+= 1
        free.append(Int32(truncatingIfNeeded: index))
        count -= 1
    }
}
