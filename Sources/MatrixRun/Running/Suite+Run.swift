public import CaseDesign
public import CaseMatrix

extension Suite: RunnableSuite {
    public var dimensions: [SuiteDimension] {
        model.parameters.map { SuiteDimension(name: $0.name, values: $0.values.map(\.name)) }
    }

    public var adjustable: [AdjustableVariable] {
        variables.compactMap { variable in
            switch variable.kind {
            case .amount: AdjustableVariable(name: variable.name, kind: .amount)
            case .date: AdjustableVariable(name: variable.name, kind: .date)
            case .choice, .text: nil
            }
        }
    }

    public var loading: FixtureLoading {
        let load = load
        return FixtureLoading(method: load.method, path: load.path, linesMax: load.linesMax) { load.headers(batch: $0) }
    }

    public var settling: Settling? {
        settle.map {
            Settling(
                path: $0.path, pointer: $0.pointer, field: $0.field, equals: $0.equals, withinMs: $0.withinMilliseconds)
        }
    }

    public func brokenInvariants(in transcript: SideTranscript, of plan: CasePlan) -> [InvariantViolation] {
        violations(in: transcript, of: plan).map { sentence in
            let name = invariants.first { sentence.hasPrefix($0.name + ": ") }?.name ?? sentence
            return InvariantViolation(name: name, sentence: sentence)
        }
    }

    public func allows(_ row: CaseRow) -> Bool { model.isValid(row) }

    public func value(of variable: AdjustableVariable, in row: CaseRow) -> String? {
        try? values(of: row, case: "value").first { $0.variable.name == variable.name }?.text
    }
}
