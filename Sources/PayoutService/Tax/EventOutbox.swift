/// A tax event as it was published, in its place.
struct PublishedTaxEvent: Sendable, Hashable {
    /// Rises with every event; an account's events are booked in this order.
    var position: Int64
    var eventId: String
    var accountId: String
    var payload: String
    /// Failed attempts so far.
    var attempts: Int
}

/// Where the worker takes events from. Delivery is at least once: an event is seen again until it is acknowledged or buried.
protocol EventOutbox: Sendable {
    /// The events that may be booked now, in order. An event behind one of the same account that waits for its next attempt waits too.
    func due(at unixMilliseconds: Int64, limit: Int) async throws -> [PublishedTaxEvent]
    /// They are booked.
    func acknowledge(_ positions: [Int64]) async throws
    /// They are in the topic, from which they are yet to be booked.
    func handOver(_ positions: [Int64]) async throws
    /// The attempt failed; the next one is not before `until`.
    func postpone(_ event: PublishedTaxEvent, until unixMilliseconds: Int64, reason: String) async throws
    /// To the dead letters, with the reason; the account's later events may go on.
    func bury(_ event: PublishedTaxEvent, at unixMilliseconds: Int64, reason: String) async throws
}
