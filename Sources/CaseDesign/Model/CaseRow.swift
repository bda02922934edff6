/// One row of a matrix: for each parameter of the model, in its order, the index of its value.
public struct CaseRow: Sendable, Hashable {
    public var values: [Int]

    public init(_ values: [Int]) { self.values = values }
}
