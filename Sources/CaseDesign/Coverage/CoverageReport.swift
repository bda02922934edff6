/// What a list of rows covers of a model.
public struct CoverageReport: Sendable, Hashable {
    /// Combinations that some valid row has. Of two negative values none is.
    public var valid: Int
    /// Of these, how many the rows have. One without a negative value counts in a row without one only, unless every valid row
    /// that has it holds a negative value.
    public var covered: Int
    /// The first of those that no row has, as indices of parameters and of their values.
    public var missing: [Combination]
    /// The first of the rows that are not valid; they cover nothing.
    public var invalidRows: [InvalidRow]
    public var invalidCount: Int
    public var missingCount: Int { valid - covered }
    public var isComplete: Bool { missingCount == 0 && invalidCount == 0 }

    public struct Combination: Sendable, Hashable {
        public var parameters: [Int]
        public var values: [Int]

        /// `balance=0, customer=DECEASED`
        public func text(of model: CaseModel) -> String {
            zip(parameters, values)
                .map { "\(model.parameters[$0].name)=\(model.parameters[$0].values[$1].name)" }.joined(separator: ", ")
        }
    }

    public struct InvalidRow: Sendable, Hashable {
        /// In the list given, from 0.
        public var index: Int
        /// One sentence.
        public var why: String
    }
}
