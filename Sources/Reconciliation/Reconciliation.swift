internal import Foundation
internal import Outbound

/// Compares the two services' books account by account, to the won, and each side with itself.
///
/// Meant for ledgers at rest: money that moves while it runs shows up as differences.
public struct Reconciliation: Sendable {
    public var legacy: LedgerLocation
    public var payout: LedgerLocation
    /// How long tax events may still be under way before they count as a difference.
    public var waitMilliseconds: Int
    public var differencesListedMax: Int

    public init(
        legacy: LedgerLocation, payout: LedgerLocation, waitMilliseconds: Int = 30_000, differencesListedMax: Int = 50
    ) {
        self.legacy = legacy
        self.payout = payout
        self.waitMilliseconds = waitMilliseconds
        self.differencesListedMax = differencesListedMax
    }

    /// - Throws: `LedgerUnreachable` when a side's books can't be read.
    public func run() async throws(LedgerUnreachable) -> ReconciliationReport {
        let startedAt = Date()
        let client = OutboundClient(connectionsMax: 4, connectionsPerHostMax: 2)
        let left = try Self.open(legacy, schema: "legacy", client)
        let right = try Self.open(payout, schema: "payout", client)
        let settled = (try await settle(left), try await settle(right))
        var comparison = LedgerComparison(listedMax: differencesListedMax)
        comparison.compare(totals: settled.0, settled.1)
        var leftPages = AccountPages(ledger: left)
        var rightPages = AccountPages(ledger: right)
        var one = try await leftPages.next()
        var other = try await rightPages.next()
        // Both sides come by rising id: the lower one has no partner.
        while one != nil || other != nil {
            let pairIsOn = one?.accountId == other?.accountId
            let onlyLegacy = !pairIsOn && (other.map { b in one.map { $0.accountId < b.accountId } ?? false } ?? true)
            comparison.compare(pairIsOn || onlyLegacy ? one : nil, pairIsOn || !onlyLegacy ? other : nil)
            if pairIsOn || onlyLegacy { one = try await leftPages.next() }
            if pairIsOn || !onlyLegacy { other = try await rightPages.next() }
        }
        return comparison.report(
            legacy: legacy.description, payout: payout.description, startedAt: startedAt, finishedAt: Date())
    }

    /// - Parameter schema: where this side's tables are in PostgreSQL unless its address says otherwise.
    private static func open(
        _ location: LedgerLocation, schema: String, _ client: OutboundClient
    ) throws(LedgerUnreachable) -> any Ledger {
        switch location {
        case .service(let url): return ServiceLedger(url: url, client: client)
        case .database(let path): return try DatabaseLedger(path: path)
        case .postgres(let address):
            #if PostgreSQL
                return try PostgresLedger(address: address, schema: schema)
            #else
                throw LedgerUnreachable(
                    description:
                        "This build can't read \(location): it was made without the trait PostgreSQL (swift build --traits PostgreSQL)."
                )
            #endif
        }
    }

    /// The totals once no tax event is under way, or as they are when the wait is over.
    private func settle(_ ledger: any Ledger) async throws(LedgerUnreachable) -> LedgerTotals {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(waitMilliseconds)
        while true {
            let totals = try await ledger.totals()
            if totals.count("pending_tax_events") == 0 || clock.now >= end { return totals }
            do { try await clock.sleep(for: .milliseconds(50)) } catch { return totals }
        }
    }
}

/// The accounts of a ledger one by one, read in pages.
private struct AccountPages {
    private static let pageLength = 500
    private let ledger: any Ledger
    private var page: ArraySlice<LedgerAccount> = []
    private var last = ""
    private var isAtEnd = false

    init(ledger: any Ledger) { self.ledger = ledger }

    mutating func next() async throws(LedgerUnreachable) -> LedgerAccount? {
        if page.isEmpty, !isAtEnd {
            let accounts = try await ledger.accounts(after: last, limit: Self.pageLength)
            isAtEnd = accounts.count < Self.pageLength
            last = accounts.last?.accountId ?? last
            page = accounts[...]
        }
        return page.popFirst()
    }
}
