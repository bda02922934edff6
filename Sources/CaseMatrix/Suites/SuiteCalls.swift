public import Comparison

/// How a service is given the accounts of many rows: their fixture lines, joined by line feeds, are the body.
public struct LoadCall: Sendable {
    public let method: String
    public let path: String
    /// Lines of one call.
    public let linesMax: Int
    let headerTemplates: [(name: String, parts: [String])]

    /// - Parameter batch: unique to the call, for its idempotency key: stands where the file says `${batch}`.
    public func headers(batch: String) -> [CaseHeader] {
        headerTemplates.map { CaseHeader($0.name, $0.parts.joined(separator: batch)) }
    }
}

/// What is asked until a service has finished what it does after its answers.
public struct SettleCall: Sendable {
    /// Asked by GET.
    public let path: String
    /// `$.pendingTaxEvents`, as written.
    public let pointer: String
    /// Reads the value there out of an answer.
    public let field: JSONField
    /// The text of that value once the service is done.
    public let equals: String
    public let withinMilliseconds: Int
}
