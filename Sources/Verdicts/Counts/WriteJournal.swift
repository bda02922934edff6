internal import Foundation

/// Keys with a mirrored write under way, in a memory-mapped table of slots, so that after an unclean stop they are known.
///
/// One lane owns one `LaneJournal`; slots are reused, nothing is allocated. A clean stop, with every write ended, leaves an empty
/// table.
public final class WriteJournal: Sendable {
    static let magic = 0x4353_4A4F_5552_4E41  // "CSJOURNA"
    static let schemaVersion = 1
    static let headerBytes = 4_096
    static let slotBytes = 160
    static let keyBytesMax = 150

    private let memory: MappedMemory
    private let slotsPerLane: Int
    private let lanes: Int

    /// Keys that an unclean stop left under way, sorted. A key longer than 150 bytes comes back cut, with a hash of the whole: see
    /// `storedForm`.
    public let recovered: [String]

    /// - Parameter path: nil keeps the table in memory alone.
    public init(path: String?, lanes: Int, slotsPerLane: Int = 8_192) throws(StateError) {
        precondition(lanes > 0 && slotsPerLane > 0, "a journal needs lanes and slots")
        var left: Set<String> = []
        if let path, FileManager.default.fileExists(atPath: path), !MappedFile.isEmpty(path) {
            left = try Self.keysLeft(path)
        }
        // A start that died half-way may have left one of another size.
        if let path { MappedFile.remove(path + ".new") }
        // A fresh table each time: the old keys are the caller's to take over, and the shape may have changed.
        let bytes = Self.headerBytes + lanes * slotsPerLane * Self.slotBytes
        let memory = try MappedMemory(path: path.map { $0 + ".new" }, byteCount: bytes)
        memory.base.storeBytes(of: Self.magic, as: Int.self)
        memory.base.storeBytes(of: Self.schemaVersion, toByteOffset: 8, as: Int.self)
        recovered = left.sorted()
        self.memory = memory
        self.lanes = lanes
        self.slotsPerLane = slotsPerLane
        guard let path else { return }
        try adopt(recovered, movingTo: path)
    }

    /// One lane's slots; used by that lane's thread alone.
    public func lane(_ index: Int) -> LaneJournal {
        precondition(index >= 0 && index < lanes, "the journal has \(lanes) lanes")
        let start = memory.base + Self.headerBytes + index * slotsPerLane * Self.slotBytes
        return LaneJournal(memory: memory, slots: start, count: slotsPerLane, firstFree: adoptedSlots(lane: index))
    }

    /// The recovered keys are kept as unverified somewhere durable: the next start need not name them again.
    public func forgetRecovered() {
        for lane in 0..<lanes {
            for slot in 0..<adoptedSlots(lane: lane) { address(lane: lane, slot: slot).storeBytes(of: 0, as: UInt16.self) }
        }
    }

    /// The form in which a key is kept: itself up to 150 bytes, else a prefix, `#` and 16 hexadecimal digits of its FNV-1a hash.
    public static func storedForm(_ key: String) -> String {
        guard key.utf8.count > keyBytesMax else { return key }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var prefix = key
        while prefix.utf8.count > keyBytesMax - 17 { prefix.removeLast() }
        let digits = String(hash, radix: 16)
        return prefix + "#" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: Slots

    private func address(lane: Int, slot: Int) -> UnsafeMutableRawPointer {
        memory.base + Self.headerBytes + (lane * slotsPerLane + slot) * Self.slotBytes
    }

    /// Recovered keys stay in the first slots of the lanes until `forgetRecovered`, so that a second crash loses none.
    private func adoptedSlots(lane: Int) -> Int {
        let share = recovered.count / lanes + (lane < recovered.count % lanes ? 1 : 0)
        return min(share, slotsPerLane)
    }

    private func adopt(_ keys: [String], movingTo path: String) throws(StateError) {
        for (index, key) in keys.enumerated() where index / lanes < slotsPerLane {
            Self.write(key, to: address(lane: index % lanes, slot: index / lanes))
        }
        memory.flush()
        try MappedFile.move(path + ".new", to: path)
    }

    static func write(_ key: String, to slot: UnsafeMutableRawPointer) {
        var key = key.utf8.count > keyBytesMax ? storedForm(key) : key
        key.withUTF8 { bytes in
            if let start = bytes.baseAddress { (slot + 2).copyMemory(from: start, byteCount: bytes.count) }
            // The length last: a slot is taken when it is not 0.
            slot.storeBytes(of: UInt16(bytes.count) + 1, as: UInt16.self)
        }
    }

    private static func keysLeft(_ path: String) throws(StateError) -> Set<String> {
        let memory = try MappedMemory(path: path, byteCount: 0, readOnly: true)
        guard memory.byteCount >= headerBytes, memory.base.load(as: Int.self) == magic else {
            throw StateError(.damaged, "\(path) is no journal of writes; move it away, and treat all keys as unverified.")
        }
        let version = memory.base.load(fromByteOffset: 8, as: Int.self)
        guard version <= schemaVersion else {
            throw StateError(
                .newerSchema,
                "\(path) was written by a newer version (schema \(version), this one knows \(schemaVersion)); run that.")
        }
        var keys: Set<String> = []
        var offset = headerBytes
        while offset + slotBytes <= memory.byteCount {
            let length = Int(memory.base.load(fromByteOffset: offset, as: UInt16.self)) - 1
            if length >= 0 {
                let bytes = UnsafeRawBufferPointer(start: memory.base + offset + 2, count: min(length, keyBytesMax))
                keys.insert(String(decoding: bytes, as: UTF8.self))
            }
            offset += slotBytes
        }
        return keys
    }
}

/// One lane's part of the journal: written by that lane's thread alone.
///
/// `@unchecked Sendable`: it is handed to its lane once; after that only that lane's thread uses it.
public final class LaneJournal: @unchecked Sendable {
    private let memory: MappedMemory
    private let slots: UnsafeMutableRawPointer
    private var free: [Int32]
    /// For a slot of a write with several keys: the slot of its next key; -1 at the end.
    private var next: [Int32]

    init(memory: MappedMemory, slots: UnsafeMutableRawPointer, count: Int, firstFree: Int) {
        self.memory = memory
        self.slots = slots
        free = (firstFree..<count).reversed().map { Int32($0) }
        next = [Int32](repeating: -1, count: count)
    }

    /// Notes that a write of `key` is under way. nil when the lane's slots are all taken: count it (`Bound.writeJournal`), and do
    /// not start the write unnoted without saying so.
    public func begin(_ key: String) -> Int? {
        guard let slot = free.popLast() else { return nil }
        WriteJournal.write(key, to: slots + Int(slot) * WriteJournal.slotBytes)
        return Int(slot)
    }

    /// The same for a write with several keys: one slot stands for all of them. All or nothing.
    public func begin(_ keys: [String]) -> Int? {
        guard free.count >= keys.count else { return nil }
        var first: Int?
        for key in keys {
            guard let slot = begin(key) else { return first }
            next[slot] = Int32(first ?? -1)
            first = slot
        }
        return first
    }

    /// The write of that slot is settled on both sides, or kept in the catch-up queue.
    public func end(_ slot: Int) {
        var slot = slot
        while slot >= 0 {
            (slots + slot * WriteJournal.slotBytes).storeBytes(of: 0, as: UInt16.self)
            free.append(Int32(slot))
            let following = Int(next[slot])
            next[slot] = -1
            slot = following
        }
    }

    /// Slots that are not taken.
    public var freeSlots: Int { free.count }
}
