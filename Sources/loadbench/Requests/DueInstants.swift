/// When each request of an open loop is due, in whole nanoseconds from the run's start: evenly spaced, whatever the answers do.
///
/// Exact in integers: request n is due n / rate seconds after the start, rounded up to the next nanosecond.
struct DueInstants: Equatable, Sendable {
    /// Requests a second.
    let rate: Int
    /// How many requests there are.
    let count: Int

    /// All that are due within that time; at least one.
    init(rate: Int, milliseconds: Int) {
        self.rate = max(1, rate)
        count = max(1, self.rate * max(0, milliseconds) / 1_000)
    }

    /// Nanoseconds from the start to the instant when that request (from 0) is due.
    func offset(of request: Int) -> Int { (request * 1_000_000_000 + rate - 1) / rate }

    /// How many requests are due by so many nanoseconds after the start.
    func due(by nanoseconds: Int) -> Int {
        guard nanoseconds >= 0 else { return 0 }
        let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: rate)
        return overflow ? count : min(count, product / 1_000_000_000 + 1)
    }
}
