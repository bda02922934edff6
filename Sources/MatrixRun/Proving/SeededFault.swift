/// A fault that a candidate can be started with.
public struct SeededFault: Sendable, Hashable {
    public var name: String
    public var policy: String
    public var about: String

    public init(name: String, policy: String = "", about: String = "") {
        self.name = name
        self.policy = policy
        self.about = about
    }
}
