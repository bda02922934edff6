import Foundation
import NIOConcurrencyHelpers
import TestKit
import Testing
import Verdicts

@testable import ShadowProxy

/// A side, or the proxy itself, is restarted while callers call.
@Suite struct RestartTests {
    @Test(arguments: [Side.legacy, .candidate])
    func aSideThatComesBackInTimeIsWaitedFor(side: Side) async throws {
        try await withRig(change: { plan in
            plan.legacy.patienceMs = 5_000
            plan.candidate.patienceMs = 5_000
        }) { rig in
            let stub = side == .legacy ? rig.legacy : rig.candidate
            try await rig.takeAway(stub)
            async let answer = rig.caller().call(
                "POST", "/v1/accounts/1/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            try await eventually("it is under way") { await rig.proxy.snapshot().received == 1 }
            try await rig.bringBack(stub)
            let status = try await answer.status
            #expect(status == 200)
            let books = try await rig.settled()
            #expect(books.count(.match) == 1 && books.behindKeys == 0)
        }
    }

    @Test func patienceEnds() async throws {
        try await withRig(change: { $0.legacy.patienceMs = 200 }) { rig in
            try await rig.takeAway(rig.legacy)
            let caller = try await rig.caller()
            let began = ContinuousClock.now
            #expect(try await caller.call("GET", "/v1/accounts/1").status == 502)
            #expect(ContinuousClock.now - began >= .milliseconds(200))
        }
    }

    /// The connection that was kept open breaks as the request comes: patience, an idempotency key, and how often the side is asked.
    @Test(arguments: [(5_000, true, 2), (5_000, false, 1), (0, true, 1)])
    func aWriteOnAConnectionThatHadEndedGoesToAnother(patienceMs: Int, hasKey: Bool, asked: Int) async throws {
        try await withRig(
            legacy: { request in
                // The first connection serves one request, and ends at the next.
                request.connection == 0 && request.index > 0 ? [.close] : [.send(StubAnswer.json(200, "{}"))]
            }, candidate: { _ in [.send(StubAnswer.json(200, "{}"))] },
            change: {
                $0.legacy.patienceMs = patienceMs
                $0.limits.settleTriesMax = 0
            }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/accounts/1").status == 200)
            let answer = try await caller.call(
                "POST", "/v1/accounts/1/interest-payouts", headers: hasKey ? [("Idempotency-Key", "k")] : [], body: "{}")
            #expect(answer.status == (asked == 2 ? 200 : 502))
            #expect(rig.legacy.seen.count { $0.method == "POST" } == asked)
        }
    }

    private func proxy(_ rig: ProxyRig, port: Int) throws -> ShadowProxy {
        var plan = rig.plan
        plan.listen = Endpoint(host: "127.0.0.1", port: port)
        plan.lanes = 2
        return try ShadowProxy(
            plan: plan, counts: CountLedger(path: nil, lanes: 2), journal: WriteJournal(path: nil, lanes: 2),
            evidence: EvidenceBox(),
            catchUp: MemoryCatchUp())
    }

    @Test func whoConnectsWhileNoProxyRunsIsAnsweredByTheNext() async throws {
        try await withRig { rig in
            let (descriptor, port) = try LoopbackSocket.listening()
            defer { close(descriptor) }
            let first = try proxy(rig, port: port)
            #expect(try await first.start(on: descriptor).port == port)
            #expect(try await RawCaller.connect(port: port).call("GET", "/v1/accounts/1").status == 200)
            await first.stop()
            async let answer = RawCaller.connect(port: port).call("GET", "/v1/accounts/2")
            let second = try proxy(rig, port: 0)
            #expect(try await second.start(on: descriptor).port == port)
            let status = try await answer.status
            #expect(status == 200)
            await second.stop()
        }
    }

    @Test func aDescriptorThatWillNotDoIsRefusedWithASentence() async throws {
        try await withRig { rig in
            let (descriptor, port) = try LoopbackSocket.listening()
            defer { close(descriptor) }
            for (given, configured, sentence) in [(CInt(9_999), port, "no listening socket"), (descriptor, port + 1, "\(port)")] {
                let proxy = try proxy(rig, port: configured)
                await #expect {
                    _ = try await proxy.start(on: given)
                } throws: {
                    ($0 as? ListenError)?.description.contains(sentence) == true
                }
                await proxy.stop()
            }
        }
    }
}
