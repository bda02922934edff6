public import CaseMatrix

/// States what the rules say of a row.
public protocol Oracle: Sendable {
    func expects(_ plan: CasePlan) async -> RulesStatement
    /// A sentence once it can't be asked any more.
    var gone: String? { get }
}

/// For suites that name none: the legacy alone says what is right.
public struct NoOracle: Oracle {
    public init() {}

    public func expects(_ plan: CasePlan) async -> RulesStatement { .none }
    public var gone: String? { nil }
}
