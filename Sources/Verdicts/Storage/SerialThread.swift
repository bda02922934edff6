internal import Foundation

/// Runs jobs on one thread of its own, in the order in which they came, as many at once as are waiting.
///
/// `@unchecked Sendable`: everything mutable is guarded by `condition`.
final class SerialThread<Job: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let ended = DispatchSemaphore(value: 0)
    private var waiting: [Job] = []
    private var closing = false

    /// `body` gets all jobs that wait, once there is one; it runs on the thread.
    init(name: String, body: @escaping @Sendable ([Job]) -> Void) {
        let thread = Thread { [self] in
            Background.enter()
            while let jobs = next() { body(jobs) }
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    /// False when it is closed.
    func enqueue(_ job: Job) -> Bool {
        condition.withLock {
            guard !closing else { return false }
            waiting.append(job)
            condition.signal()
            return true
        }
    }

    /// Lets the waiting jobs run, ends the thread and waits for its end.
    func close() {
        condition.withLock {
            closing = true
            condition.signal()
        }
        ended.wait()
        ended.signal()
    }

    private func next() -> [Job]? {
        condition.withLock {
            while waiting.isEmpty {
                if closing { return nil }
                condition.wait()
            }
            defer { waiting = [] }
            return waiting
        }
    }
}
