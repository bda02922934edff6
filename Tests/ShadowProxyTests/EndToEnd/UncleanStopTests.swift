import ShadowProxy
import TestKit
import Testing
import Verdicts

/// What a killed process leaves behind, and what the next one makes of it.
@Suite struct UncleanStopTests {
    private func plan(_ legacy: StubSide, _ candidate: StubSide) -> ProxyPlan {
        var plan = ProxyPlan(
            listen: Endpoint(host: "127.0.0.1", port: 0),
            legacy: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: legacy.port)),
            candidate: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: candidate.port)), operations: ProxyRig.operations)
        plan.limits.drainMs = 200
        return plan
    }

    @Test func writesUnderWayLeaveTheirKeysUnverifiedAndAreCountedInterrupted() async throws {
        let folder = try TemporaryDirectory()
        let (counts, writes) = (folder.path + "/counts", folder.path + "/writes")
        let legacy = try await StubSide.start { $0.method == "POST" ? [.silence] : [.send(StubAnswer.json(200, "{}"))] }
        let candidate = try await StubSide.start { _ in [.send(StubAnswer.json(200, "{}"))] }

        // The first run never ends cleanly: its files are taken over while a write is under way.
        let first = try ShadowProxy(
            plan: plan(legacy, candidate), counts: CountLedger(path: counts, lanes: 1),
            journal: WriteJournal(path: writes, lanes: 1),
            evidence: EvidenceBox(), catchUp: MemoryCatchUp())
        let caller = try await RawCaller.connect(port: try await first.start().port)
        #expect(try await caller.call("GET", "/v1/accounts/8").status == 200)
        try await caller.send(
            RawCaller.request("POST", "/v1/accounts/7/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}"))
        try await eventually("the write is under way") { legacy.seen.count == 2 }
        try await eventually("the read is settled") { await first.snapshot().awaitingComparison == 0 }

        let ledger = try CountLedger(path: counts, lanes: 1)
        #expect(ledger.interruptedAtStart == 1)
        let journal = try WriteJournal(path: writes, lanes: 1)
        #expect(journal.recovered == ["7"])
        let store = MemoryCatchUp()
        var later = plan(legacy, candidate)
        later.limits.writeLandsWithinMs = 300
        let second = try ShadowProxy(
            plan: later, counts: ledger, journal: journal, evidence: EvidenceBox(), catchUp: store)
        let port = try await second.start().port
        #expect(store.now.standings["7"]?.standing == .unverified)
        var books = await second.snapshot()
        #expect(books.unverifiedKeys == 1)
        #expect(books.count(.interrupted) == 1)
        #expect(books.received == 2)
        #expect(books.isConserved)

        let next = try await RawCaller.connect(port: port)
        try await eventually("a read that was asked once nothing could be under way proves it") {
            guard try await next.call("GET", "/v1/accounts/7").status == 200 else { return false }
            return await second.snapshot().unverifiedKeys == 0
        }
        books = await second.snapshot()
        #expect(books.count(.notComparable) >= 1)
        await second.stop()
        await first.stop()
        // A clean stop leaves nothing to recover.
        #expect(try WriteJournal(path: writes, lanes: 1).recovered == [])
        try await legacy.shutdown()
        try await candidate.shutdown()
    }

    /// What goes to one side alone leaves its key in doubt too, from before the primary is asked until the doubt is recorded.
    @Test(arguments: ["status", "interest-payouts"], [false, true])
    func writesOfOneSideAreInTheJournalWhileUnderWay(call: String, isAnswered: Bool) async throws {
        let folder = try TemporaryDirectory()
        let writes = folder.path + "/writes"
        let legacy = try await StubSide.start { _ in isAnswered ? [.send(StubAnswer.json(200, "{}"))] : [.silence] }
        let candidate = try await StubSide.start { _ in [.send(StubAnswer.json(200, "{}"))] }
        var plan = plan(legacy, candidate)
        plan.limits.bodyBytesMax = 10_000
        let store = MemoryCatchUp()
        let proxy = try ShadowProxy(
            plan: plan, counts: CountLedger(path: nil, lanes: 1), journal: WriteJournal(path: writes, lanes: 1),
            evidence: EvidenceBox(), catchUp: store)
        let caller = try await RawCaller.connect(port: try await proxy.start().port)
        let body = String(repeating: "0", count: call == "status" ? 2 : 50_000)
        try await caller.send(RawCaller.request("POST", "/v1/accounts/7/\(call)", body: body))
        try await eventually("the primary has it") { legacy.seen.count == 1 }
        if isAnswered {
            #expect(try await caller.answer().status == 200)
            try await eventually("it is settled") { await proxy.snapshot().unverifiedKeys == 1 }
        }
        #expect(try WriteJournal(path: writes, lanes: 1).recovered == (isAnswered ? [] : ["7"]))
        #expect(candidate.seen.isEmpty)
        await proxy.stop()
        try await legacy.shutdown()
        try await candidate.shutdown()
    }
}
