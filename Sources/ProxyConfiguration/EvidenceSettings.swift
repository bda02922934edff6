public import Comparison

/// What is kept of requests that mattered, how long, and what is taken out before it is stored.
public struct EvidenceSettings: Sendable {
    /// Of each body kept; the rest is cut off. Bytes.
    public var bodyBytesKeptMax: Int = 65_536
    /// Evidence waiting for the disk; beyond it evidence is dropped and counted.
    public var queueMax: Int = 1_024
    public var retentionDays: Int = 30
    /// The oldest rows beyond it go, whatever their age.
    public var rowsMax: Int = 100_000
    /// Places in JSON bodies (requests and answers) replaced by a keyed hash.
    public var redact: [PathPattern] = []
    /// Headers whose values are replaced by a keyed hash; lower case.
    public var redactHeaders: [String] = Self.redactHeadersByDefault
    /// Key of the hashes; nil: one is made at the first start and kept in the state directory.
    public var redactionKey: [UInt8]?

    public static let redactHeadersByDefault = ["authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"]

    public init() {}
}
