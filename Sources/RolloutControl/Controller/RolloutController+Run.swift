internal import Dispatch
internal import Foundation
internal import Migration

extension RolloutController {
    /// Carries the plan out until cancelled; then stores what was gathered. Call ``start()`` before.
    public func run() async {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (follows, follow) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let killSignal = await Self.killSignal { signal.yield() }
        let setup = setup
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in wakes {
                    await self.takeUp()
                    follow.yield()
                }
            }
            group.addTask { for await _ in follows { await self.followUp() } }
            group.addTask { for await _ in self.plane.bell { wake.yield() } }
            group.addTask { for await _ in signals { await self.killBySignal() } }
            group.addTask { await Self.every(setup.lookEveryMs) { wake.yield() } }
            group.addTask { await Self.every(setup.killFileEveryMs) { await self.lookAtKillFile() } }
            if exchange != nil {
                group.addTask { await Self.every(setup.exchangeEveryMs) { await self.exchangeOnce() } }
                group.addTask { await Self.every(setup.leaseMs / 3) { await self.seekLead() } }
            }
        }
        killSignal.cancel()
        await finish()
    }

    /// Hears SIGUSR2, from its return on until it is cancelled.
    private static func killSignal(_ heard: @escaping @Sendable () -> Void) async -> any DispatchSourceSignal {
        #if canImport(Darwin)
            // There the default would end the process; here an ignored signal would never be heard.
            signal(SIGUSR2, SIG_IGN)
        #endif
        let source = DispatchSource.makeSignalSource(signal: SIGUSR2, queue: .global(qos: .userInitiated))
        source.setEventHandler { heard() }
        await withCheckedContinuation { ready in
            source.setRegistrationHandler { ready.resume() }
            source.resume()
        }
        return source
    }

    private static func every(_ milliseconds: Int, _ work: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            await work()
            try? await Task.sleep(for: .milliseconds(milliseconds))
        }
    }

    /// Takes up what is left and stores it: a restart goes on where this ends.
    public func finish() async {
        await look()
        await turns.enter()
        await storeEvidence()
        try? storeRecord()
        await turns.leave()
        await leaveShare()
    }

    /// SIGUSR2.
    func killBySignal() async {
        try? await kill(by: Person(name: "unknown", role: "signal"), reason: "the signal SIGUSR2 came")
    }
}
