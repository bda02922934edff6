/// The kill switch, while it is thrown. One person throws it; two different ones release it.
public struct KillSwitch: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Of the file's form.
    public static let schema = 1

    public struct Release: Sendable, Hashable, Codable {
        public var name: String
        public var at: Instant
    }

    public enum ReleaseOutcome: Sendable, Hashable {
        /// The first of two.
        case waitsForAnother
        /// The second: the file is to be removed.
        case released
        /// The first one has asked again.
        case samePerson
        case nameless
    }

    public var thrownBy: String
    public var reason: String
    /// Nil when nobody wrote it down.
    public var at: Instant?
    public private(set) var releases: [Release] = []

    public init(thrownBy: String, reason: String, at: Instant?) {
        self.thrownBy = thrownBy
        self.reason = reason
        self.at = at
    }

    /// Notes that a person wants it released. Who threw it may be one of the two.
    public mutating func release(by name: String, at now: Instant) -> ReleaseOutcome {
        let identity = Person(name: name, role: "").identity
        if identity.isEmpty { return .nameless }
        if releases.contains(where: { Person(name: $0.name, role: "").identity == identity }) { return .samePerson }
        releases.append(Release(name: name, at: now))
        return releases.count >= 2 ? .released : .waitsForAnother
    }

    /// `by kim, 2026-03-02T01:02:03.004Z: payouts differ`
    public var description: String { "by \(thrownBy)\(at.map { ", \($0)" } ?? ""): \(reason)" }
}
