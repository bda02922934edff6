import NIOCore

/// A load on its way: takes what is due, gives it to free connections, counts what comes back.
///
/// The queue of what waits for a connection needs no memory: it is the requests between `next` and those due by now.
/// Owned by the event loop; `Sendable` only so that NIO's callbacks, which run on that loop, may name it.
final class LoadRun: CallerConnectionOwner, @unchecked Sendable {
    /// The timer's finest step: what is due in between waits that long at most. Each step costs a system call or two.
    private static let stepNanoseconds: Int64 = 20_000

    private let loop: any EventLoop
    private let plan: LoadPlan
    private let result: EventLoopPromise<LoadReport>
    private var tally: Tally
    private var free = CircularBuffer<CallerConnection>()
    private var all: [ObjectIdentifier: CallerConnection] = [:]
    private var dialer: Dialer?
    private var start: NIODeadline?
    private var next = 0
    private var greeted = 0
    private var settled = 0
    private var timerSet = false
    private var over = false

    private init(_ plan: LoadPlan, on loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
        result = loop.makePromise()
        tally = Tally(warmUpRequests: plan.warmUpRequests)
    }

    /// Opens the connections, runs the load, closes them. Fails with `Unavailable` when not all connections can be opened.
    static func start(_ plan: LoadPlan, on loop: any EventLoop) -> LoadRun {
        let run = LoadRun(plan, on: loop)
        loop.execute { run.dial() }
        return run
    }

    var report: EventLoopFuture<LoadReport> { result.futureResult }

    /// Ends the run early, with what it has; from any thread.
    func stop() {
        loop.execute { if !self.over { self.finish() } }
    }

    private func dial() {
        let dialer = Dialer(loop: loop, endpoint: plan.target, owner: self, connections: plan.connections) { [self] cause in
            fail(Unavailable(endpoint: plan.target, cause: cause))
        }
        self.dialer = dialer
        dialer.open(plan.connections)
        loop.scheduleTask(in: .milliseconds(250)) { self.sweep() }
    }

    // MARK: Connections

    func opened(_ connection: CallerConnection) {
        guard !over else { return connection.close(because: .closed) }
        all[ObjectIdentifier(connection)] = connection
        if start == nil, plan.greets {
            let now = NIODeadline.now()
            connection.send(PendingRequest(number: plan.requests + greeted, from: now, sent: now), composedBy: plan.composer)
            greeted += 1
        } else {
            isFree(connection, at: .now())
        }
    }

    func answered(_ connection: CallerConnection, _ request: PendingRequest, status: Int) {
        guard !over else { return }
        let now = NIODeadline.now()
        guard start != nil else { return isFree(connection, at: now) }
        tally.answered(request, status: status, at: now)
        settle(1)
        if connection.isOpen { isFree(connection, at: now) }
    }

    private func isFree(_ connection: CallerConnection, at now: NIODeadline) {
        free.append(connection)
        if start == nil, free.count == plan.connections { begin() }
        pump(at: now)
    }

    func closed(_ connection: CallerConnection, _ request: PendingRequest?, _ cause: FailureKind) {
        all[ObjectIdentifier(connection)] = nil
        guard !over else { return }
        guard start != nil else {
            return fail(Unavailable(description: "\(plan.target) closes connections before the load begins (\(cause.rawValue))."))
        }
        tally.lostConnection()
        if let request {
            tally.failed(request.number, cause)
            settle(1)
        } else {
            free.removeAll { $0 === connection }
        }
        if !over { dialer?.open(1) }
    }

    // MARK: Sending

    private func begin() {
        let now = NIODeadline.now()
        start = now
        tally.begin(at: now + .nanoseconds(warmUpNanoseconds))
        plan.ready?()
        if case .hold(let milliseconds) = plan.pace {
            loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { if !self.over { self.finish() } }
        }
    }

    private var warmUpNanoseconds: Int64 {
        if case .due(let instants, _) = plan.pace { Int64(instants.offset(of: plan.warmUpRequests)) } else { 0 }
    }

    /// Sends what is due as far as connections are free, and sets the timer for what is not due yet.
    private func pump(at now: NIODeadline) {
        guard let start, !over else { return }
        switch plan.pace {
        case .hold: break
        case .closed(let requests):
            while next < requests, let connection = free.popFirst() { send(on: connection, from: now, at: now) }
        case .due(let instants, _):
            let due = instants.due(by: Int((now - start).nanoseconds))
            while next < due, let connection = free.popFirst() {
                send(on: connection, from: start + .nanoseconds(Int64(instants.offset(of: next))), at: now)
            }
            if next == due, next < instants.count { setTimer(start + .nanoseconds(Int64(instants.offset(of: next))), now) }
        }
    }

    private func send(on connection: CallerConnection, from: NIODeadline, at now: NIODeadline) {
        let request = PendingRequest(number: next, from: from, sent: now)
        next += 1
        tally.sent(request)
        connection.send(request, composedBy: plan.composer)
    }

    private func setTimer(_ due: NIODeadline, _ now: NIODeadline) {
        guard !timerSet else { return }
        let at = max(due, now + .nanoseconds(Self.stepNanoseconds))
        timerSet = (try? loop.scheduleCallback(at: at, handler: self)) != nil
    }

    // MARK: The end

    private func settle(_ count: Int) {
        settled += count
        if settled == plan.requests { finish() }
    }

    /// Four times a second: requests that have had their time, and a run that has.
    private func sweep() {
        guard !over else { return }
        let now = NIODeadline.now()
        let allowed = TimeAmount.milliseconds(Int64(plan.timeoutMilliseconds))
        for connection in all.values {
            if let pending = connection.pending, pending.sent + allowed < now { connection.close(because: .timeout) }
        }
        if case .due(let instants, _) = plan.pace, let start {
            let last = start + .nanoseconds(Int64(instants.offset(of: instants.count - 1))) + allowed + .seconds(1)
            if last < now, next < instants.count {
                let unsent = instants.count - next
                for number in next..<instants.count { tally.failed(number, .unsent) }
                next = instants.count
                settle(unsent)
            }
        }
        if !over { loop.scheduleTask(in: .milliseconds(250)) { self.sweep() } }
    }

    private func finish() {
        let report = LoadReport(tally, plan: plan)
        close()
        result.succeed(report)
    }

    private func fail(_ cause: Unavailable) {
        close()
        result.fail(cause)
    }

    private func close() {
        over = true
        dialer?.stop()
        dialer = nil
        free.removeAll()
        for connection in all.values { connection.close(because: .closed) }
    }
}

extension LoadRun: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) {
        timerSet = false
        pump(at: .now())
    }
}
