/// Two ledgers side by side. Written as JSON it is a format of its own (``schema``), which `countersign gate` reads.
public struct ReconciliationReport: Sendable, Hashable, Codable {
    public static let schema = "countersign.reconciliation/1"

    public var schema = ReconciliationReport.schema
    /// RFC 3339, UTC.
    public var startedAt: String
    public var finishedAt: String
    public var legacy: String
    public var payout: String
    public var totals: [Total]
    /// Accounts that either side has, and those of them with a difference.
    public var accounts: Int
    public var accountsDiffering: Int
    /// Every difference is counted; the first ones are listed.
    public var differenceCount: Int
    public var differences: [Difference]

    public var isEqual: Bool { differenceCount == 0 }
    /// Whether there was nothing to compare: both sides without an account.
    public var isEmpty: Bool { totals.contains { $0.name == "accounts" && $0.legacy == "0" && $0.payout == "0" } }

    /// A control total of both sides.
    public struct Total: Sendable, Hashable, Codable {
        public var name: String
        public var legacy: String
        public var payout: String
        /// Whether the two must be equal; else they are there to be read.
        public var mustAgree: Bool
    }

    public struct Difference: Sendable, Hashable, Codable {
        /// Nil for what concerns a whole ledger.
        public var account: String?
        /// A column of the books, or what should be equal within one side: `legacy: entry_sum = balance`.
        public var what: String
        public var legacy: String
        public var payout: String
    }

    /// As a terminal shows it.
    public var text: String {
        let wide = max(16, totals.map { max($0.legacy.count, $0.payout.count) }.max() ?? 0)
        let names = max(20, totals.map(\.name.count).max() ?? 0)
        var lines = [
            Self.left("Control totals", names + 2) + Self.right("legacy", wide + 2) + Self.right("payout", wide + 2)
        ]
        for total in totals {
            // Journals and postings are each side's own way of keeping books; that they balance is checked on each side.
            let mark = total.legacy == total.payout ? "" : total.mustAgree ? "  differs" : "  (each side's own)"
            lines.append(
                "  " + Self.left(total.name, names) + Self.right(total.legacy, wide + 2) + Self.right(total.payout, wide + 2)
                    + mark)
        }
        lines.append("")
        if isEqual {
            lines.append("The ledgers are equal to the won.")
        } else {
            lines.append(differenceCount == 1 ? "1 difference:" : "\(differenceCount) differences:")
            for difference in differences {
                lines.append(
                    "  \(difference.account ?? "whole ledger"): \(difference.what): legacy \(difference.legacy), "
                        + "payout \(difference.payout)")
            }
            if differences.count < differenceCount { lines.append("  … and \(differenceCount - differences.count) more.") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
