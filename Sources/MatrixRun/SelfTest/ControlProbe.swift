internal import CaseMatrix
internal import RunRecords

/// The positive control: real answers of the run, altered on purpose and judged once more. A run that does not see them has seen nothing.
enum ControlProbe {
    private static let name = "altered answers"
    /// Rows tried until one has something to alter.
    private static let rowsMax = 3

    static func fire(_ rows: [JudgedRow], _ judge: RowJudge) -> PositiveControl {
        // Where no row agrees (a candidate that is wrong everywhere), the legacy's answers stand on both sides.
        let agreeing = rows.filter { $0.verdict.outcome == .agree }
        let asked = agreeing.isEmpty ? rows.filter { $0.verdict.isFailure }.map(\.withLegacyAlone) : agreeing
        var seen: [String] = []
        var missed: [String] = []
        var tried = 0
        // From the end: what holds at the end of a run held during it.
        for row in asked.reversed() where tried < rowsMax {
            let alterations = alterations(of: row)
            if alterations.isEmpty { continue }
            tried += 1
            let known = judge.judge(row, against: row.evidence.candidate).differences.count
            for alteration in alterations {
                let count = alteration.runs.count { altered in
                    let verdict = judge.judge(row, against: altered)
                    return verdict.isFailure && verdict.differences.count > known
                }
                let what = "\(row.planned.id): \(alteration.what)"
                if count > 0 {
                    seen.append(alteration.runs.count > 1 ? "\(what) at \(count) of \(alteration.runs.count) numbers" : what)
                } else {
                    missed.append(what)
                }
            }
        }
        if !missed.isEmpty {
            return PositiveControl(name: name, fired: false, detail: "Not seen: " + missed.joined(separator: "; ") + ".")
        }
        guard !seen.isEmpty else {
            return PositiveControl(
                name: name, fired: false, detail: "No row has an answer with a number or a list in it to alter.")
        }
        return PositiveControl(name: name, fired: true, detail: "Seen: " + seen.joined(separator: "; ") + ".")
    }

    private struct Alteration {
        var what: String
        /// One of them must be seen: a number may stand where nothing is compared, as an id does.
        var runs: [SideRun]
    }

    /// The candidate's run with one won more in an answer, and with one line less in a read-back.
    private static func alterations(of row: JudgedRow) -> [Alteration] {
        let run = row.evidence.candidate
        let readBacks = Set(row.planned.plan.readBack.map(\.label))
        var alterations: [Alteration] = []
        if let (index, bodies) = first(in: run, where: { !readBacks.contains($0) }, JSONAlteration.oneMore) {
            alterations.append(
                Alteration(what: "one more in \(run.answers[index].label)", runs: bodies.map { replaced(run, index, $0) }))
        }
        if let (index, bodies) = first(
            in: run, where: { readBacks.contains($0) }, { JSONAlteration.lastDropped($0).map { [$0] } ?? [] })
        {
            alterations.append(
                Alteration(what: "one line less in \(run.answers[index].label)", runs: bodies.map { replaced(run, index, $0) }))
        }
        return alterations
    }

    /// The first answer that can be altered, and how.
    private static func first(
        in run: SideRun, where isWanted: (String) -> Bool, _ alter: (JSONTree) -> [JSONTree]
    ) -> (Int, [JSONTree])? {
        for (index, answer) in run.answers.enumerated() where isWanted(answer.label) && (200..<300).contains(answer.status) {
            let bodies = JSONTree(answer.body).map(alter) ?? []
            if !bodies.isEmpty { return (index, Array(bodies.prefix(20))) }
        }
        return nil
    }

    private static func replaced(_ run: SideRun, _ index: Int, _ body: JSONTree) -> SideRun {
        var run = run
        run.answers[index].body = body.bytes
        return run
    }
}

extension JudgedRow {
    fileprivate var withLegacyAlone: JudgedRow {
        var row = self
        row.evidence.candidate = row.evidence.legacy
        return row
    }
}

extension RowJudge {
    fileprivate func judge(_ row: JudgedRow, against candidate: SideRun) -> RowVerdict {
        judge(row.planned.plan, legacy: row.evidence.legacy, candidate: candidate, rules: row.evidence.rules)
    }
}

/// Small falsifications of an answer.
enum JSONAlteration {
    /// For each whole number the document with that number one higher.
    static func oneMore(_ value: JSONTree) -> [JSONTree] {
        switch value {
        case .number(let text): Int(text).map { $0 < .max ? [.number(String($0 + 1))] : [] } ?? []
        case .array(let elements):
            elements.indices.flatMap { index in
                oneMore(elements[index]).map { altered in
                    var elements = elements
                    elements[index] = altered
                    return JSONTree.array(elements)
                }
            }
        case .object(let members):
            members.indices.flatMap { index in
                oneMore(members[index].value).map { altered in
                    var members = members
                    members[index].value = altered
                    return JSONTree.object(members)
                }
            }
        case .null, .bool, .string: []
        }
    }

    /// The first list that holds something, without its last element; nil where there is none.
    static func lastDropped(_ value: JSONTree) -> JSONTree? {
        switch value {
        case .array(let elements): return elements.isEmpty ? nil : .array(elements.dropLast())
        case .object(let members):
            for (index, member) in members.enumerated() {
                guard let altered = lastDropped(member.value) else { continue }
                var members = members
                members[index].value = altered
                return .object(members)
            }
            return nil
        case .null, .bool, .string, .number: return nil
        }
    }
}
