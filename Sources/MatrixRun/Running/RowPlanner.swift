public import CaseDesign
public import CaseMatrix
public import RuleFiles
internal import Synchronization

/// Makes rows of a suite concrete, each time with an account and keys of its own.
public final class RowPlanner: Sendable {
    private let suite: any RunnableSuite
    private let prefix: String
    private let extra = Atomic<Int>(0)

    /// - Parameter run: letters and digits that no other run on the same books has.
    public init(_ suite: any RunnableSuite, run: String) {
        self.suite = suite
        let initial = suite.name.first { $0.isASCII && $0.isLetter }.map { String($0).uppercased() } ?? "S"
        prefix = initial + run
    }

    public func plan(_ rows: [CaseRow]) throws(ConfigurationError) -> [PlannedRow] {
        var planned: [PlannedRow] = []
        planned.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            let number = Self.padded(index + 1)
            planned.append(
                PlannedRow(
                    id: "\(suite.name)#\(number)", row: row,
                    plan: try suite.plan(row, case: "\(prefix)-\(number)-0", overriding: [:])))
        }
        return planned
    }

    /// The same row again, on a fresh account.
    public func again(_ row: CaseRow, overriding: [String: String] = [:]) throws(ConfigurationError) -> CasePlan {
        let number = extra.add(1, ordering: .relaxed).newValue
        return try suite.plan(row, case: "\(prefix)-X\(Self.padded(number))", overriding: overriding)
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
