internal import Foundation

extension CountLedger {
    /// A ledger's file read once, with all pages summed.
    struct Snapshot {
        let lanes: Int
        /// 0 where the file has none.
        let epoch: Int
        let names: [String]
        /// One page: sums of the base and all lanes.
        let cells: [Int]
        let counts: [OperationCounts]

        init(path: String) throws(StateError) {
            let memory = try MappedMemory(path: path, byteCount: 0, readOnly: true)
            func field(_ field: LedgerLayout.Field) -> Int {
                memory.base.load(fromByteOffset: field.rawValue * 8, as: Int.self)
            }
            guard memory.byteCount >= LedgerLayout.namesOffset, field(.magic) == Int(bitPattern: UInt(LedgerLayout.magic)) else {
                throw StateError(.damaged, "\(path) is no ledger of counts; move it away to start from zero.")
            }
            let version = field(.schemaVersion)
            guard version <= LedgerLayout.schemaVersion else {
                throw StateError(
                    .newerSchema,
                    "\(path) was written by a newer version (schema \(version), this one knows \(LedgerLayout.schemaVersion)); "
                        + "run that version, or move the file away to start from zero.")
            }
            let lanes = field(.lanes)
            let nameCount = field(.names)
            guard (1...4_096).contains(lanes), (0...LedgerLayout.operationsMax).contains(nameCount),
                memory.byteCount == LedgerLayout.byteCount(lanes: lanes)
            else {
                throw StateError(.damaged, "\(path) has not the size of its \(lanes) lanes; move it away to start from zero.")
            }
            self.lanes = lanes
            epoch = field(.epoch)
            let names = (0..<nameCount).map { index in
                let slot = memory.base + LedgerLayout.namesOffset + index * LedgerLayout.nameStride
                let count = min(Int(slot.load(as: UInt16.self)), LedgerLayout.nameBytesMax)
                return String(decoding: UnsafeRawBufferPointer(start: slot + 2, count: count), as: UTF8.self)
            }
            self.names = names
            var sums = [Int](repeating: 0, count: LedgerLayout.cellsPerPage)
            for page in 0...lanes {
                let start = memory.base + LedgerLayout.pagesOffset + page * LedgerLayout.pageBytes
                let page = start.assumingMemoryBound(to: Int.self)
                for index in sums.indices { sums[index] &+= page[index] }
            }
            cells = sums
            counts = sums.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { Self.sum(names: names, pages: [$0]) } ?? []
            }
        }

        static func sum(names: [String], pages: [UnsafePointer<Int>]) -> [OperationCounts] {
            names.enumerated().map { index, name in
                var counts = OperationCounts(operation: name)
                for page in pages {
                    counts.received += page[LedgerLayout.receivedCell(index)]
                    for verdict in Verdict.allCases {
                        let count = page[LedgerLayout.cell(index, verdict)]
                        if count != 0 { counts.verdicts[verdict, default: 0] += count }
                    }
                }
                return counts
            }
        }
    }
}

/// The few calls on a mapped file's name.
enum MappedFile {
    static func isEmpty(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size == 0
    }

    static func remove(_ path: String) { unlink(path) }

    static func move(_ from: String, to path: String) throws(StateError) {
        guard rename(from, path) == 0 else {
            throw StateError(.unwritable, "\(path) can't be replaced: \(String(cString: strerror(errno))).")
        }
    }
}
