internal import CaseDesign
internal import RunRecords

/// Where in the matrix the failures are: the pairs of dimensions whose cells hold them most densely.
enum HeatMaps {
    private static let cellsMax = 400

    static func make(_ dimensions: [SuiteDimension], _ rows: [JudgedRow], count: Int = 3) -> [HeatMap] {
        let compared = rows.filter { $0.verdict.outcome != .error }
        guard compared.contains(where: { $0.verdict.isFailure }) else { return [] }
        var found: [(density: Double, map: HeatMap)] = []
        for down in dimensions.indices {
            for across in dimensions.indices where across > down {
                let (rowsDown, columns) = (dimensions[down].values.count, dimensions[across].values.count)
                guard rowsDown > 1, columns > 1, rowsDown * columns <= cellsMax else { continue }
                var cells = [[HeatMap.Cell]](repeating: [HeatMap.Cell](repeating: .init(), count: columns), count: rowsDown)
                for row in compared {
                    let values = row.planned.row.values
                    cells[values[down]][values[across]].compared += 1
                    if row.verdict.isFailure { cells[values[down]][values[across]].mismatched += 1 }
                }
                // Failures that gather in few cells weigh more than the same number spread thin.
                let density = cells.joined().reduce(0.0) { sum, cell in
                    cell.compared == 0 ? sum : sum + Double(cell.mismatched * cell.mismatched) / Double(cell.compared)
                }
                found.append(
                    (
                        density,
                        HeatMap(
                            down: dimensions[down].name, across: dimensions[across].name, downValues: dimensions[down].values,
                            acrossValues: dimensions[across].values, cells: cells)
                    ))
            }
        }
        return found.enumerated().sorted { ($1.element.density, $0.offset) < ($0.element.density, $1.offset) }
            .prefix(count).map(\.element.map)
    }
}
