import CaseDesign

/// The rows that shrinking runs, each once, and not too many of them.
struct ShrinkAttempts {
    let suite: any RunnableSuite
    let failure: FailureSignature
    var limit: Int
    let probe: Shrinker.Probe
    private(set) var count = 0
    private var known: [CaseRow: Bool] = [:]

    init(suite: any RunnableSuite, failure: FailureSignature, limit: Int, probe: @escaping Shrinker.Probe) {
        self.suite = suite
        self.failure = failure
        self.limit = limit
        self.probe = probe
    }

    /// Values that are not their defaults.
    func left(_ row: CaseRow) -> Int { zip(row.values, suite.defaults.values).count { $0 != $1 } }

    private func reset(_ row: CaseRow, _ parameters: some Sequence<Int>) -> CaseRow {
        var row = row
        for parameter in parameters { row.values[parameter] = suite.defaults.values[parameter] }
        return row
    }

    private func open(_ row: CaseRow) -> [Int] { row.values.indices.filter { row.values[$0] != suite.defaults.values[$0] } }

    private mutating func fails(_ row: CaseRow) async -> Bool {
        if let known = known[row] { return known }
        guard suite.allows(row), count < limit else { return false }
        count += 1
        let shown = await probe(row, [:]).map { failure.isShown(by: $0) } ?? false
        known[row] = shown
        return shown
    }

    /// Delta debugging: all of what differs at once, then its halves, quarters …
    mutating func halves(from row: CaseRow) async -> CaseRow {
        var current = row
        var parts = 1
        while true {
            let open = open(current)
            guard !open.isEmpty, parts <= open.count else { return current }
            let size = (open.count + parts - 1) / parts
            var next: CaseRow?
            for start in stride(from: 0, to: open.count, by: size) {
                let trial = reset(current, open[start..<min(open.count, start + size)])
                if await fails(trial) {
                    next = trial
                    break
                }
            }
            if let next {
                current = next
                parts = max(1, parts - 1)
            } else {
                guard parts < open.count else { return current }
                parts = min(parts * 2, open.count)
            }
        }
    }

    /// Greedily, until no single value can go back. Where a constraint forbids that, it goes together with another.
    mutating func oneByOne(from row: CaseRow, order: [Int]) async -> CaseRow {
        var current = row
        var isShrinking = true
        while isShrinking {
            isShrinking = false
            for parameter in order where current.values[parameter] != suite.defaults.values[parameter] {
                for trial in trials(current, parameter, order) {
                    guard await fails(trial) else { continue }
                    current = trial
                    isShrinking = true
                    break
                }
            }
        }
        return current
    }

    private func trials(_ row: CaseRow, _ parameter: Int, _ order: [Int]) -> [CaseRow] {
        let alone = reset(row, [parameter])
        if suite.allows(alone) { return [alone] }
        let others = order.filter { $0 != parameter && row.values[$0] != suite.defaults.values[$0] }
        return others.map { reset(row, [parameter, $0]) }.filter { suite.allows($0) }
    }

    /// Texts of amounts and dates as near to the default row's as the failure lets them be; those that stay as they are are left out.
    mutating func adjusted(_ row: CaseRow) async -> [String: String] {
        var overriding: [String: String] = [:]
        for variable in suite.adjustable {
            guard let text = suite.value(of: variable, in: row), let target = suite.value(of: variable, in: suite.defaults),
                let start = variable.number(text), let goal = variable.number(target), start != goal
            else { continue }
            // `failing` always fails and `passing` never does: the way between them is halved until they are neighbours.
            var failing = start
            var passing = goal
            // What fails with the default's text too does not depend on this variable.
            if await fails(row, overriding, variable, goal) { continue }
            while failing.distance(to: passing).magnitude > 1, count < limit {
                let middle = passing + (failing - passing) / 2
                if await fails(row, overriding, variable, middle) { failing = middle } else { passing = middle }
            }
            if failing != start { overriding[variable.name] = variable.text(failing) }
        }
        return overriding
    }

    private mutating func fails(
        _ row: CaseRow, _ overriding: [String: String], _ variable: AdjustableVariable, _ number: Int
    ) async -> Bool {
        guard count < limit else { return false }
        count += 1
        var overriding = overriding
        overriding[variable.name] = variable.text(number)
        return await probe(row, overriding).map { failure.isShown(by: $0) } ?? false
    }
}

extension AdjustableVariable {
    /// Amounts within ± 2^62 and days; nil for other texts.
    func number(_ text: String) -> Int? {
        switch kind {
        case .amount: Int(text).flatMap { $0.magnitude <= 1 << 62 ? $0 : nil }
        case .date: CalendarDay(text)?.number
        }
    }

    func text(_ number: Int) -> String {
        switch kind {
        case .amount: String(number)
        case .date: CalendarDay(number: number).text
        }
    }
}
