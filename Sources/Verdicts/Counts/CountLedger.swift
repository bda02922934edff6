internal import Synchronization

/// Conserved counts, kept in a memory-mapped file so that a killed process leaves them behind (the page cache outlives it; a
/// power cut may lose the last seconds).
///
/// At the start on an existing file everything received without a verdict becomes `interrupted`, and all earlier lanes are folded
/// into a base that `totals()` includes. The number of lanes may change from run to run.
public final class CountLedger: Sendable {
    private let memory: MappedMemory
    private let lanes: Int
    private let names: Mutex<[String]>
    /// What the start found under way and counted as `interrupted`; 0 after a clean stop.
    public let interruptedAtStart: Int
    /// Names these counts among others, as 16 hexadecimal digits: it stays as long as they go on from run to run, and counts that begin at
    /// zero have a new one. So who adds up many ledgers adds each of them once.
    public let epoch: String

    /// - Parameter path: nil keeps the counts in memory alone.
    public init(path: String?, lanes: Int) throws(StateError) {
        precondition(lanes > 0, "a ledger needs a lane")
        var previous: Snapshot?
        if let path {
            do {
                previous = try Snapshot(path: path)
            } catch  where error.code == .missing || (error.code == .damaged && MappedFile.isEmpty(path)) {
                previous = nil
            }
        }
        let wanted = LedgerLayout.byteCount(lanes: lanes)
        if let path, let previous {
            // The old sums move into a new file, which takes the old one's place when it is complete: a process that dies in
            // between leaves the old file whole, and nothing is counted twice.
            let replacement = path + ".new"
            MappedFile.remove(replacement)
            let fresh = try MappedMemory(path: replacement, byteCount: wanted)
            interruptedAtStart = Self.start(fresh, lanes: lanes, previous: previous)
            let epoch = Self.beginEpoch(fresh, previous: previous)
            fresh.flush()
            self.epoch = epoch
            try MappedFile.move(replacement, to: path)
            memory = fresh
        } else {
            let mapped = try MappedMemory(path: path, byteCount: wanted)
            interruptedAtStart = Self.start(mapped, lanes: lanes, previous: nil)
            epoch = Self.beginEpoch(mapped, previous: nil)
            memory = mapped
        }
        self.lanes = lanes
        names = Mutex(previous?.names ?? [])
    }

    /// The operation's index, the same for the same name as long as the file lives. Names beyond 512 share the last index, whose
    /// name is then `other`.
    public func register(operation: String) -> Int {
        names.withLock { names in
            let name = Self.shortened(operation)
            if let index = names.firstIndex(of: name) { return index }
            let last = LedgerLayout.operationsMax - 1
            guard names.count < last else {
                if names.count == last { append("other", to: &names) }
                return last
            }
            append(name, to: &names)
            return names.count - 1
        }
    }

    /// The counters of one lane, to be written by that lane's thread alone.
    public func lane(_ index: Int) -> LaneCounts {
        precondition(index >= 0 && index < lanes, "the ledger has \(lanes) lanes")
        return LaneCounts(cells: Self.page(memory, index + 1))
    }

    /// Sums over the earlier runs and all lanes. Call it when the lanes are quiet, or sum `totals(lane:)` through their threads.
    public func totals() -> [OperationCounts] { counts(pages: 0...lanes) }

    /// One lane's counts, to be asked on that lane's thread. `Operations` are in order of their index.
    public func totals(lane: Int) -> [OperationCounts] { counts(pages: (lane + 1)...(lane + 1)) }

    /// What earlier runs left; changes only at the start.
    public func earlier() -> [OperationCounts] { counts(pages: 0...0) }

    /// How often each bound was reached, earlier runs included; bounds never reached are left out.
    public func bounds() -> [Bound: Int] {
        var sums: [Bound: Int] = [:]
        for page in 0...lanes {
            let cells = Self.page(memory, page)
            for bound in Bound.allCases where cells[LedgerLayout.boundCell(bound)] != 0 {
                sums[bound, default: 0] += cells[LedgerLayout.boundCell(bound)]
            }
        }
        return sums
    }

    /// Asks the system to write the counts to disk; for the graceful stop.
    public func flush() { memory.flush() }

    /// The sums of a ledger's file without changing it: for reports, while the proxy runs (then a request that moves between two
    /// cells meanwhile may be missing or unsettled for an instant) or after.
    public static func readTotals(path: String) throws(StateError) -> [OperationCounts] {
        try Snapshot(path: path).counts
    }

    // MARK: Cells

    private func counts(pages: ClosedRange<Int>) -> [OperationCounts] {
        let names = names.withLock { $0 }
        return Snapshot.sum(names: names, pages: pages.map { UnsafePointer(Self.page(memory, $0)) })
    }

    private func append(_ name: String, to names: inout [String]) {
        Self.write(name, at: names.count, in: memory)
        names.append(name)
        Self.set(.names, names.count, in: memory)
    }

    private static func start(_ memory: MappedMemory, lanes: Int, previous: Snapshot?) -> Int {
        var interrupted = 0
        if let previous {
            for (index, name) in previous.names.enumerated() { write(name, at: index, in: memory) }
            let base = page(memory, 0)
            for (index, cell) in previous.cells.enumerated() { base[index] = cell }
            for (operation, counts) in previous.counts.enumerated() where counts.unsettled > 0 {
                base[LedgerLayout.cell(operation, .interrupted)] += counts.unsettled
                interrupted += counts.unsettled
            }
        }
        set(.names, previous?.names.count ?? 0, in: memory)
        set(.lanes, lanes, in: memory)
        set(.schemaVersion, LedgerLayout.schemaVersion, in: memory)
        set(.magic, Int(bitPattern: UInt(LedgerLayout.magic)), in: memory)
        return interrupted
    }

    private static func beginEpoch(_ memory: MappedMemory, previous: Snapshot?) -> String {
        let kept = previous?.epoch ?? 0
        let epoch = kept != 0 ? kept : Int.random(in: 1...Int.max)
        set(.epoch, epoch, in: memory)
        let digits = String(UInt64(bitPattern: Int64(epoch)), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func page(_ memory: MappedMemory, _ index: Int) -> UnsafeMutablePointer<Int> {
        (memory.base + LedgerLayout.pagesOffset + index * LedgerLayout.pageBytes).assumingMemoryBound(to: Int.self)
    }

    private static func set(_ field: LedgerLayout.Field, _ value: Int, in memory: MappedMemory) {
        memory.base.storeBytes(of: value, toByteOffset: field.rawValue * 8, as: Int.self)
    }

    private static func write(_ name: String, at index: Int, in memory: MappedMemory) {
        let slot = memory.base + LedgerLayout.namesOffset + index * LedgerLayout.nameStride
        let bytes = Array(name.utf8)
        slot.storeBytes(of: UInt16(bytes.count), as: UInt16.self)
        (slot + 2).copyMemory(from: bytes, byteCount: bytes.count)
    }

    /// Cut at a character's edge to what a name's slot holds.
    private static func shortened(_ name: String) -> String {
        var name = name
        while name.utf8.count > LedgerLayout.nameBytesMax { name.removeLast() }
        return name
    }
}
