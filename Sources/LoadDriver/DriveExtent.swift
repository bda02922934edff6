/// How many requests a run sends and how long it takes, from whichever of rate, duration and number are given.
public struct DriveExtent: Sendable, Hashable {
    /// The users of an interest button on an ordinary day.
    public static let usersOfADay = 700_000

    public var requests: Int
    public var lengthMilliseconds: Int

    /// Rate and duration make the number, number and rate the length, number and duration the rate; given all three, the number
    /// is a bound. What is missing then is 100 requests a second and 30 seconds, or with `midnight` a day's 700 000 users.
    ///
    /// - Parameter rate: requests a second, on average over the run.
    public init(requests: Int?, rate: Int?, durationMilliseconds: Int?, curve: RateCurve) throws(DriveError) {
        for (name, value) in [("requests", requests), ("rate", rate), ("duration", durationMilliseconds)] {
            guard value.map({ (1...1_000_000_000).contains($0) }) ?? true else {
                throw DriveError("The \(name) must be above 0 and at most a thousand million.")
            }
        }
        let everyone = curve == .midnight && rate == nil ? Self.usersOfADay : nil
        if let requests = requests ?? everyone, rate == nil, let durationMilliseconds {
            self.requests = requests
            lengthMilliseconds = durationMilliseconds
            return
        }
        let perSecond = rate ?? 100
        let fitting = perSecond * (durationMilliseconds ?? 30_000) / 1_000
        if let requests = requests ?? everyone {
            self.requests = durationMilliseconds == nil ? requests : min(requests, fitting)
            lengthMilliseconds = self.requests * 1_000 / perSecond
        } else {
            self.requests = fitting
            lengthMilliseconds = durationMilliseconds ?? 30_000
        }
    }
}
