import Reports
import RunRecords

/// One run as the template shows it.
struct GatePageRun {
    struct Row {
        var name: String
        var cells: [Cell]
    }

    struct Cell {
        var text: String
        var tone: String

        init(_ count: Int, bad: Bool = false) {
            text = count == 0 ? "·" : ReportText.number(count)
            tone = count == 0 ? "none" : bad ? "mismatch" : "plain"
        }
    }

    struct Fact {
        var name: String
        var value: String
    }

    /// A heat map: `shade` is `h0` … `h5`, by the share that failed, or `none` where nothing was compared.
    struct Map {
        struct Line {
            var name: String
            var cells: [Square]
        }

        struct Square {
            var text: String
            var share: String
            var shade: String
        }

        var down: String
        var across: String
        var acrossValues: [String]
        var lines: [Line]
    }

    struct Fault {
        var name: String
        var about: String
        var policy: String
        var seen: String
        var tone: String
        var by: String
        var rows: String
    }

    var title: String
    var facts: [Fact]
    var remarks: [String]
    var hasRemarks: Bool
    var totals: [Cell]
    var operations: [Row]
    var hasOperations: Bool
    var maps: [Map]
    var hasMaps: Bool
    var dimensions: [Row]
    var hasDimensions: Bool
    var faults: [Fault]
    var hasFaults: Bool
    var proof: String

    init(_ run: RunRecord) {
        title = GatePage.text(run.title)
        facts = [
            Fact(name: "Legacy", value: GatePage.text(run.legacy)), Fact(name: "Candidate", value: GatePage.text(run.candidate)),
            Fact(name: "Period", value: GatePage.text("\(run.startedAt) – \(run.finishedAt)")),
        ]
        if let coverage = run.coverage {
            facts.append(
                Fact(name: "Coverage", value: "\(GateText.coverage(coverage)), \(ReportText.count(coverage.rows, "row"))"))
        }
        if let control = run.positiveControl {
            facts.append(Fact(name: "Control", value: GatePage.text("\(control.name): \(control.fired ? "seen" : "NOT SEEN")")))
        }
        if let test = run.selfTest {
            facts.append(
                Fact(
                    name: "Self-test",
                    value: test.failures.isEmpty
                        ? "\(ReportText.count(test.checks, "check")) passed" : "\(test.failures.count) of \(test.checks) FAILED"))
        }
        remarks = run.remarks.prefix(50).map { GatePage.text($0) }
        hasRemarks = !remarks.isEmpty
        let t = run.totals
        totals = [
            Cell(t.planned), Cell(t.compared), Cell(t.agreed), Cell(t.excused), Cell(t.mismatched, bad: true),
            Cell(t.flaky, bad: true), Cell(t.errors, bad: true), Cell(t.notRun),
        ]
        operations = run.operations.map { operation in
            Row(
                name: GatePage.text(operation.name),
                cells: [
                    Cell(operation.compared), Cell(operation.mismatched, bad: true), Cell(operation.critical, bad: true),
                    Cell(operation.errors, bad: true),
                ])
        }
        hasOperations = !operations.isEmpty
        maps = run.heatMaps.prefix(24).map(Map.init)
        hasMaps = !maps.isEmpty
        dimensions = run.dimensions.flatMap { dimension in
            dimension.values.map { value in
                Row(
                    name: GatePage.text("\(dimension.name) = \(value.value)"),
                    cells: [Cell(value.compared), Cell(value.mismatched, bad: true)])
            }
        }
        hasDimensions = !dimensions.isEmpty
        faults = run.faults.sorted { !$0.killed && $1.killed }.map(Fault.init)
        hasFaults = !faults.isEmpty
        proof = GateText.proof(run.faults)
    }
}

extension GatePageRun.Map {
    init(_ map: HeatMap) {
        down = GatePage.text(map.down)
        across = GatePage.text(map.across)
        acrossValues = map.acrossValues.map { GatePage.text($0, 60) }
        lines = zip(map.downValues, map.cells).map { value, cells in
            Line(name: GatePage.text(value, 60), cells: cells.map(Square.init))
        }
    }
}

extension GatePageRun.Map.Square {
    init(_ cell: HeatMap.Cell) {
        guard cell.compared > 0 else {
            self.init(text: "·", share: "", shade: "none")
            return
        }
        let fifths = (Int128(cell.mismatched) * 5 + Int128(cell.compared) - 1) / Int128(cell.compared)
        self.init(
            text: "\(ReportText.number(cell.mismatched))/\(ReportText.number(cell.compared))",
            share: cell.mismatched > 0 ? GateText.share(cell.mismatched, of: cell.compared) : "",
            shade: "h\(max(0, min(5, Int(fifths))))")
    }
}

extension GatePageRun.Fault {
    init(_ fault: FaultRecord) {
        name = GatePage.text(fault.name)
        about = GatePage.text(fault.about)
        policy = GatePage.text(fault.policy)
        seen = fault.killed ? "seen" : "missed"
        tone = fault.killed ? "pass" : "fail"
        by = GatePage.text([fault.byRow, fault.byComparison].compactMap(\.self).joined(separator: " · "))
        rows = ReportText.number(fault.rowsRun)
    }
}
