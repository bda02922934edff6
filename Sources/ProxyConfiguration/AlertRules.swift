public import Alerting

/// Who is told what, and when: all of `alerts` but the channels.
public struct AlertRules: Sendable, Hashable {
    /// Without any, every channel is told everything.
    public var routes: [AlertRoute] = []
    /// Names of channels for what no route takes.
    public var fallback: [String] = []
    public var pace = AlertPace()

    public init() {}
}
