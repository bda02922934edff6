/// Where everything lies in the ledger's file. Native byte order; a file stays on its machine.
///
///     header (64 bytes)  magic, schema version, lanes, number of names, epoch
///     names              512 × 64 bytes: length, then UTF-8
///     base               one page of cells: what earlier runs left
///     lane 0, 1, …       one page of cells each, page-aligned so that lanes share no cache line
///
/// A page of cells holds, for each operation, `received` and a cell for each verdict (16 in all), then 32 cells of bounds.
enum LedgerLayout {
    static let magic: UInt64 = 0x4353_4C45_4447_4552  // "CSLEDGER"
    /// 2: with an epoch. A program that knows none must not go on with a file that has one: it would leave it out, and the counts would go on
    /// under another.
    static let schemaVersion = 2
    static let operationsMax = 512
    static let nameBytesMax = 62
    static let nameStride = 64
    static let cellsPerOperation = 16
    static let boundCells = 32

    static let namesOffset = 64
    static let pagesOffset = 36_864  // header and names (64 + 512 × 64), rounded up to 4 KiB
    static let pageBytes = 69_632  // (512 × 16 + 32) × 8, rounded up to 4 KiB

    static func byteCount(lanes: Int) -> Int { pagesOffset + (lanes + 1) * pageBytes }

    /// Index of a cell in its page.
    static func cell(_ operation: Int, _ verdict: Verdict) -> Int { operation * cellsPerOperation + 1 + verdict.rawValue }
    static func receivedCell(_ operation: Int) -> Int { operation * cellsPerOperation }
    static func boundCell(_ bound: Bound) -> Int { operationsMax * cellsPerOperation + bound.rawValue }

    static let cellsPerPage = operationsMax * cellsPerOperation + boundCells

    /// Fields of the header, in 8-byte steps.
    enum Field: Int {
        case magic = 0
        case schemaVersion = 1
        case lanes = 2
        case names = 3
        /// 0 in a file from before there were epochs.
        case epoch = 4
    }
}
