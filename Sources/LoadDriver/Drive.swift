internal import Foundation
internal import Outbound
internal import Synchronization

/// Drives the plan and returns what became of it. When the task is cancelled, nothing more is sent and the report tells of
/// what was.
///
/// - Parameter progress: called a few times a second on the driver's own thread.
/// - Throws: `DriveError` when the plan can't be driven; a target that doesn't answer is no error but a count.
public func run(
    _ plan: DrivePlan, progress: @escaping @Sendable (DriveProgress) -> Void = { _ in }
) async throws(DriveError) -> DriveReport {
    try plan.check()
    let drive = Drive(plan)
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            let pacing = Thread { continuation.resume(returning: drive.pace(progress)) }
            pacing.name = "drive"
            pacing.start()
        }
    } onCancel: {
        drive.stop()
    }
}

/// One thread paces the requests; the HTTP client's thread counts their answers.
///
/// Open loop: a request is due at its own time whatever became of those before. At most `connections` are under way; who is
/// due then waits, and the wait is part of the latency.
private final class Drive: Sendable {
    private let plan: DrivePlan
    private let client: OutboundClient
    private let tally = Mutex(DriveTally())
    private let slots: DispatchSemaphore
    private let claims: [String: String]
    private let stopped = Atomic<Bool>(false)

    init(_ plan: DrivePlan) {
        self.plan = plan
        client = OutboundClient(connectionsMax: plan.connections, connectionsPerHostMax: plan.connections)
        slots = DispatchSemaphore(value: plan.connections)
        claims = plan.audiences?.claims(plan.accounts) ?? [:]
    }

    func stop() { stopped.store(true, ordering: .relaxed) }

    /// Blocks its thread until the last answer is in.
    func pace(_ progress: @Sendable (DriveProgress) -> Void) -> DriveReport {
        let start = DispatchTime.now().uptimeNanoseconds
        var reporter = ProgressTimer(start: start)
        func tell(atLast: Bool = false) {
            let now = DispatchTime.now().uptimeNanoseconds
            if reporter.isDue(now) || atLast { progress(state(elapsed: now - start)) }
        }
        calls: for call in CallSequence(plan) {
            let due = start + UInt64(call.due)
            // Waits are cut short, so that stopping and progress don't wait for a far request.
            while case let now = DispatchTime.now().uptimeNanoseconds, now < due {
                if stopped.load(ordering: .relaxed) { break calls }
                Thread.sleep(forTimeInterval: Double(min(due - now, 100_000_000)) / 1e9)
                tell()
            }
            while slots.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
                if stopped.load(ordering: .relaxed) { break calls }
                tell()
            }
            if stopped.load(ordering: .relaxed) {
                slots.signal()
                break calls
            }
            send(call, due: due)
            tell()
        }
        // Who holds every slot knows that nothing is under way.
        for _ in 0..<plan.connections {
            while slots.wait(timeout: .now() + .milliseconds(100)) == .timedOut { tell() }
        }
        let elapsed = (DispatchTime.now().uptimeNanoseconds - start) / 1_000_000
        for _ in 0..<plan.connections { slots.signal() }
        client.close()
        tell(atLast: true)
        return tally.withLock { $0.report(of: plan, elapsedMilliseconds: Int(elapsed)) }
    }

    private func send(_ call: DriveCall, due: UInt64) {
        let now = DispatchTime.now().uptimeNanoseconds
        tally.withLock { $0.wasSent(call, lateMicroseconds: now > due ? (now - due) / 1_000 : 0) }
        client.submit(request(call)) { [self] result in
            let ended = DispatchTime.now().uptimeNanoseconds
            tally.withLock { $0.ended(call.kind, result, microseconds: ended > due ? (ended - due) / 1_000 : 0) }
            slots.signal()
        }
    }

    private func request(_ call: DriveCall) -> OutboundRequest {
        var headers = [("Accept", "application/json"), ("X-Request-Time", call.moment.text)]
        if let audiences = plan.audiences, let claim = claims[call.account] { headers.append((audiences.header, claim)) }
        if let key = call.idempotencyKey {
            headers.append(("Content-Type", "application/json"))
            headers.append(("Idempotency-Key", key))
        }
        return OutboundRequest(
            method: call.kind.isWrite ? "POST" : "GET", url: plan.target + call.path, headers: headers,
            body: Array(call.body.utf8),
            timeoutMs: plan.timeoutMs)
    }

    private func state(elapsed: UInt64) -> DriveProgress {
        tally.withLock { tally in
            DriveProgress(
                planned: plan.requests, sent: tally.sent, answered: tally.answered, failed: tally.failed,
                elapsedMilliseconds: Int(elapsed / 1_000_000), lengthMilliseconds: plan.lengthMilliseconds, p99: tally.p99)
        }
    }
}

/// Four times a second.
private struct ProgressTimer {
    private var next: UInt64

    init(start: UInt64) { next = start + 250_000_000 }

    mutating func isDue(_ now: UInt64) -> Bool {
        guard now >= next else { return false }
        next = now + 250_000_000
        return true
    }
}
