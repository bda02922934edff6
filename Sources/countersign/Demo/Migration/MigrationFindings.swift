import Foundation

/// The keys of a rollback, as its list has them.
struct AffectedKeyList {
    let keys: Set<String>
    /// `211 nothing, 3 catch-up`
    let needs: String

    private struct Line: Decodable {
        var key: String
        var needs: String
    }

    init(_ file: URL) throws {
        let lines = try InputFile.bytes(file.path).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Line.self, from: Data($0))
        }
        keys = Set(lines.map(\.key))
        let counts = Dictionary(grouping: lines, by: \.needs).mapValues(\.count)
        needs = counts.sorted { $0.value > $1.value }.map { "\($0.value) need \($0.key)" }.joined(separator: ", ")
    }
}

/// What `bank reconcile --json` found, as far as the demo tells of it.
struct LedgerDifferences: Decodable {
    private struct Difference: Decodable {
        var account: String?
        var what: String
        var legacy: String
        var payout: String
    }

    private var differenceCount: Int
    private var differences: [Difference]

    init(_ file: URL) throws { self = try JSONDecoder().decode(Self.self, from: InputFile.bytes(file.path)) }

    var isEqual: Bool { differenceCount == 0 }
    var accounts: Set<String> { Set(differences.compactMap(\.account)) }
    /// By how much the balances of these accounts differ, all together.
    func won(of accounts: Set<String>) -> Int64 {
        differences.filter { $0.what == "balance" && accounts.contains($0.account ?? "") }.reduce(0) { sum, difference in
            sum + abs((Int64(difference.payout) ?? 0) - (Int64(difference.legacy) ?? 0))
        }
    }
}
