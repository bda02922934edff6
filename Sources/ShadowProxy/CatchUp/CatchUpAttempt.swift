import Verdicts

/// A missed write on its way to the side that missed it, or waiting for its next try.
final class CatchUpAttempt: DeadlineOwner {
    private unowned let drain: CatchUpDrain
    var write: MissedWrite
    var call: Call?
    var alarm = DeadlineWheel.Handle.none
    /// The side's good answers when the write became the next, or when its last try failed.
    var goodAnswersBefore: UInt64
    /// Tries in vain, counted or not: for the back-off.
    var failures = 0
    /// It has an idempotency key: sent twice, it is done once.
    let mayRepeat: Bool

    init(_ write: MissedWrite, drain: CatchUpDrain) {
        self.drain = drain
        self.write = write
        mayRepeat = write.request.headers.contains { $0.first?.lowercased() == "idempotency-key" }
        goodAnswersBefore = drain.goodAnswers(write.side)
    }

    func deadlineReached(_ purpose: UInt8) {
        alarm = .none
        drain.retry(self)
    }
}
