/// Watches for keys that stay unverified: a moment of doubt after a cut write is nothing to tell of.
struct DoubtWatch: Sendable {
    enum News: Sendable, Equatable {
        /// So many for a minute.
        case lasting(Int)
        case over
    }

    static let patienceMicroseconds: Int64 = 60_000_000

    /// Since when there have been some.
    private var since: Int64?
    /// Whether they were told of; nil: an earlier run may have.
    private var isTold: Bool?

    /// - Parameters:
    ///   - count: how many there are; nil when nobody can say.
    ///   - now: microseconds since 1970.
    /// - Returns: what is to be told, until it is ``noted(_:)``.
    mutating func look(_ count: Int?, at now: Int64) -> News? {
        guard let count else { return nil }
        guard count > 0 else {
            since = nil
            return isTold == false ? nil : .over
        }
        let began = since ?? now
        since = began
        return isTold != true && now - began >= Self.patienceMicroseconds ? .lasting(count) : nil
    }

    mutating func noted(_ news: News) { isTold = news != .over }
}
