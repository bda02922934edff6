import CaseDesign
import Synchronization
import Testing

@testable import MatrixRun

/// Shrinking on a simulated system whose causes are known.
@Suite struct ShrinkerTests {
    static let failure = FailureSignature(operation: "payout", paths: ["$.gross"])
    static let other = FailureSignature(operation: "payout", paths: ["status"])

    private func suite(_ sizes: [Int]) -> SampleSuite {
        var suite = SampleSuite()
        suite.dimensions = sizes.enumerated().map { index, size in
            SuiteDimension(name: "d\(index)", values: (0..<size).map(String.init))
        }
        suite.defaults = CaseRow([Int](repeating: 0, count: sizes.count))
        suite.adjustable = []
        return suite
    }

    @Test(arguments: [[2], [0, 5], [1, 3, 7], []])
    func cause(_ causes: [Int]) async {
        let suite = suite([Int](repeating: 4, count: 9))
        let row = CaseRow([3, 1, 2, 3, 1, 2, 3, 1, 2])
        let shrunk = await Shrinker(suite: suite).shrink(row, failure: Self.failure) { trial, _ in
            causes.allSatisfy { trial.values[$0] == row.values[$0] } ? Self.failure : nil
        }
        #expect(shrunk.row.values == row.values.indices.map { causes.contains($0) ? row.values[$0] : 0 })
        #expect(shrunk.attempts <= 160)
    }

    @Test("of two causes the smaller one is found, from whatever start")
    func smallest() async {
        let suite = suite([Int](repeating: 3, count: 8))
        let row = CaseRow([1, 1, 1, 1, 1, 1, 1, 1])
        let shrunk = await Shrinker(suite: suite).shrink(row, failure: Self.failure) { trial, _ in
            trial.values[6] == 1 || (trial.values[0] == 1 && trial.values[1] == 1 && trial.values[2] == 1) ? Self.failure : nil
        }
        #expect(shrunk.row.values == [0, 0, 0, 0, 0, 0, 1, 0])
    }

    @Test("another failure on the way is not this one")
    func otherFailure() async {
        let suite = suite([3, 3, 3])
        let shrunk = await Shrinker(suite: suite).shrink(CaseRow([1, 1, 1]), failure: Self.failure) { trial, _ in
            trial.values[0] == 1 ? (trial.values[1] == 1 ? Self.failure : Self.other) : nil
        }
        #expect(shrunk.row.values == [1, 1, 0])
    }

    @Test("a smaller row may differ in more or fewer places, if one of them is the same")
    func samePlaceAmongOthers() async {
        let suite = suite([3, 3, 3])
        let refused = FailureSignature(operation: "preview", paths: ["$.code"], places: ["preview $.code", "account $.balance"])
        let paid = FailureSignature(operation: "preview", paths: ["status"], places: ["preview status", "account $.balance"])
        let shrunk = await Shrinker(suite: suite).shrink(CaseRow([1, 1, 1]), failure: refused) { trial, _ in
            trial.values[0] == 1 ? (trial.values[1] == 1 ? refused : paid) : Self.other
        }
        #expect(shrunk.row.values == [1, 0, 0])
    }

    @Test("rows that the constraints forbid are not run; values that depend on each other go together")
    func constraints() async {
        var suite = suite([3, 3, 3])
        suite.forbids = { ($0.values[0] == 0) != ($0.values[1] == 0) }
        let ran = Mutex<[CaseRow]>([])
        let shrunk = await Shrinker(suite: suite).shrink(CaseRow([1, 2, 1]), failure: Self.failure) { trial, _ in
            ran.withLock { $0.append(trial) }
            return trial.values[2] == 1 ? Self.failure : nil
        }
        #expect(shrunk.row.values == [0, 0, 1])
        #expect(ran.withLock { $0 }.allSatisfy { suite.allows($0) })
    }

    @Test(arguments: [(1_000_000, 50_000_001), (1_000_000, 1_000_001), (60_000_000, 59_999_999), (0, 9_007_199_254_740_993)])
    func amount(_ goal: Int, _ edge: Int) async {
        var suite = suite([2])
        let start = edge > goal ? edge + 49_999_999 : edge - 49_999_999
        suite.dimensions = [SuiteDimension(name: "amount", values: ["\(goal)", "\(start)"])]
        suite.adjustable = [AdjustableVariable(name: "opening", kind: .amount)]
        let isPastEdge: @Sendable (Int) -> Bool = { edge > goal ? $0 >= edge : $0 <= edge }
        let shrunk = await Shrinker(suite: suite).shrink(CaseRow([1]), failure: Self.failure) { row, overriding in
            let amount = overriding["opening"].flatMap(Int.init) ?? (row.values[0] == 0 ? goal : start)
            return isPastEdge(amount) ? Self.failure : nil
        }
        #expect(shrunk.row.values == [1])
        #expect(shrunk.overriding == ["opening": "\(edge)"])
    }

    @Test("a date is moved to the first day that fails")
    func date() async {
        var suite = suite([2])
        suite.dimensions = [SuiteDimension(name: "day", values: ["2026-03-02", "2028-12-31"])]
        suite.adjustable = [AdjustableVariable(name: "today", kind: .date)]
        let shrunk = await Shrinker(suite: suite).shrink(CaseRow([1]), failure: Self.failure) { row, overriding in
            let day = overriding["today"] ?? (row.values[0] == 0 ? "2026-03-02" : "2028-12-31")
            return day >= "2028-02-29" ? Self.failure : nil
        }
        #expect(shrunk.overriding == ["today": "2028-02-29"])
    }

    @Test("what never ends failing takes no more rows than it may")
    func bounded() async {
        let suite = suite([Int](repeating: 2, count: 30))
        let row = CaseRow([Int](repeating: 1, count: 30))
        let count = Mutex(0)
        let shrunk = await Shrinker(suite: suite, attemptsMax: 40).shrink(row, failure: Self.failure) { trial, _ in
            count.withLock { $0 += 1 }
            return trial == row ? Self.failure : nil
        }
        #expect(shrunk.row == row)
        #expect(shrunk.attempts <= 40)
        #expect(count.withLock { $0 } == shrunk.attempts)
    }

    @Test("days round-trip over leap years and centuries")
    func days() throws {
        #expect(CalendarDay("1970-01-01")?.number == 0)
        #expect(CalendarDay("2000-03-01")?.number == 11_017)
        for text in ["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-32", "x"] {
            #expect(CalendarDay(text) == nil, "\(text)")
        }
        let first = try #require(CalendarDay("1899-12-25"))
        for number in first.number..<first.number + 80_000 {
            #expect(CalendarDay(CalendarDay(number: number).text)?.number == number)
        }
    }
}
