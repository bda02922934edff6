/// Where several proxies share their state, and how.
public struct SharedStoreSettings: Sendable, Hashable {
    /// `postgres://…`, with its password, if it has one: not to be printed.
    public var address: String
    /// What this proxy is called among the others; nil: a name made at the first start and kept in the state directory.
    public var instance: String?
    /// Evidence that the store does not take within this time is alerted by this proxy alone.
    public var alertAfterMs = 10_000
    /// A key seen at two proxies within this time is at both.
    public var keyWindowMs = 300_000
    /// How long a proxy that began to deliver a notice keeps it from the others.
    public var claimMs = 30_000

    public init(address: String) { self.address = address }

    /// The schemes that PostgreSQL's own library knows.
    public static func isAddress(_ text: String) -> Bool { text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") }
}
