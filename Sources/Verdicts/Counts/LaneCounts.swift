/// One lane's counters: plain memory, no lock and no allocation. Written by that lane's thread alone, and read by others only
/// through it (or when it is quiet). Valid as long as its `CountLedger` lives.
///
/// `@unchecked Sendable`: it is handed to its lane once; after that only that lane's thread uses it.
public struct LaneCounts: @unchecked Sendable {
    let cells: UnsafeMutablePointer<Int>

    /// A request of the operation was taken in.
    @inline(__always)
    public func received(_ operation: Int) {
        cells[LedgerLayout.receivedCell(operation)] &+= 1
    }

    /// A request of the operation got its verdict. Exactly once for each `received`.
    @inline(__always)
    public func settled(_ operation: Int, _ verdict: Verdict) {
        cells[LedgerLayout.cell(operation, verdict)] &+= 1
    }

    /// A bound stopped or changed something.
    @inline(__always)
    public func reached(_ bound: Bound) {
        cells[LedgerLayout.boundCell(bound)] &+= 1
    }

    /// This lane's share of a bound's count.
    public func count(of bound: Bound) -> Int { cells[LedgerLayout.boundCell(bound)] }

    /// This lane's requests under way.
    public func unsettled(_ operation: Int) -> Int {
        var sum = cells[LedgerLayout.receivedCell(operation)]
        for verdict in Verdict.allCases { sum &-= cells[LedgerLayout.cell(operation, verdict)] }
        return sum
    }
}
