internal import Foundation

/// Runs jobs on one thread of its own, in the order in which they came, as many at once as are waiting.
final class SerialThread<Job: Sendable>: Sendable {
    private let box = Mailbox<Job>()
    private let ended = DispatchSemaphore(value: 0)

    /// `body` gets all jobs that wait, once there is one; it runs on the thread.
    init(name: String, body: @escaping @Sendable ([Job]) -> Void) {
        let thread = Thread { [box, ended] in
            Background.enter(as: name)
            while let jobs = box.take() { body(jobs) }
            ended.signal()
        }
        thread.start()
    }

    /// False when it is closed. Never waits.
    func enqueue(_ job: Job) -> Bool { box.hand(over: job) }

    /// Lets the waiting jobs run, ends the thread and waits for its end.
    func close() {
        box.close()
        ended.wait()
        ended.signal()
    }
}
