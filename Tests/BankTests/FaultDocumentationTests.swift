import PayoutService
import Testing

@Suite struct FaultDocumentationTests {
    /// The page has one row for each fault, in the order of `bank faults`, and says who can see it.
    @Test func thePageListsEveryFault() throws {
        let rows = try ProjectFile.text("docs/faults.md").split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map { $0.trimmingPrefix(" ").trimmingSuffix() }
        }
        #expect(rows.map { $0[0] } == Faults.all.map { "`\($0.name)`" })
        #expect(rows.map { $0[1] } == Faults.all.map(\.policy))
        let comparisons: Set = ["answer", "account", "books", "journal", "journals", "tax", "events"]
        for row in rows {
            let seen = row[3].split(separator: ",").map { $0.trimmingPrefix(" ").trimmingSuffix() }
            #expect(!seen.isEmpty && seen.allSatisfy(comparisons.contains), "\(row[0])")
        }
    }
}

extension Substring {
    /// Without the spaces at its end.
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
