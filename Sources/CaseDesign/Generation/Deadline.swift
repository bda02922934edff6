/// The time that a generation may take. It decides only whether there is an answer, never which.
struct Deadline {
    private let end: ContinuousClock.Instant
    private let bound: Duration

    init(within bound: Duration) {
        self.bound = bound
        end = .now + bound
    }

    func check(_ during: @autoclosure () -> String) throws(CaseDesignError) {
        guard ContinuousClock.now >= end else { return }
        throw CaseDesignError(
            .timeout,
            "\(during()) took longer than \(bound): allow more time, lower the strength, or take values or parameters out")
    }
}
