import Comparison
import NIOConcurrencyHelpers
import NIOSSL
import ShadowProxy
import TestKit
import Verdicts

/// Two scripted sides and a proxy between them and the caller.
final class ProxyRig: Sendable {
    let legacy: StubSide
    let candidate: StubSide
    let proxy: ShadowProxy
    let evidence: EvidenceBox
    let catchUp: MemoryCatchUp
    let port: Int
    let plan: ProxyPlan
    private let holders = NIOLockedValueBox<[Int: PortHolder]>([:])

    /// Answers with what it was asked: equal on both sides.
    static let echo: StubSide.Script = { request in
        [.send(StubAnswer.json(200, #"{"target":"\#(request.target)","body":"\#(request.body.count)"}"#))]
    }

    static func start(
        legacy: @escaping StubSide.Script = echo, candidate: @escaping StubSide.Script = echo,
        catchUp: MemoryCatchUp = MemoryCatchUp(), legacyTLS: NIOSSLContext? = nil, candidateTLS: NIOSSLContext? = nil,
        rollout: RolloutTraffic? = nil, change: (inout ProxyPlan) throws -> Void = { _ in }
    ) async throws -> ProxyRig {
        let legacy = try await StubSide.start(tls: legacyTLS, script: legacy)
        let candidate = try await StubSide.start(tls: candidateTLS, script: candidate)
        var plan = ProxyPlan(
            listen: Endpoint(host: "127.0.0.1", port: 0),
            legacy: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: legacy.port)),
            candidate: SidePlan(endpoint: Endpoint(host: "127.0.0.1", port: candidate.port)), operations: operations)
        plan.limits.recheckDelayMs = 10
        plan.limits.settleDelayMs = 10
        plan.limits.catchUpDelayMs = 10
        plan.legacy.answerTimeoutMs = 10_000
        plan.candidate.answerTimeoutMs = 10_000
        try change(&plan)
        let evidence = EvidenceBox()
        let proxy = try ShadowProxy(
            plan: plan, counts: CountLedger(path: nil, lanes: plan.lanes), journal: WriteJournal(path: nil, lanes: plan.lanes),
            evidence: evidence, catchUp: catchUp, rollout: rollout)
        let address = try await proxy.start()
        return ProxyRig(legacy, candidate, proxy, evidence, catchUp, address.port, plan)
    }

    private init(
        _ legacy: StubSide, _ candidate: StubSide, _ proxy: ShadowProxy, _ evidence: EvidenceBox, _ catchUp: MemoryCatchUp,
        _ port: Int, _ plan: ProxyPlan
    ) {
        self.legacy = legacy
        self.candidate = candidate
        self.proxy = proxy
        self.evidence = evidence
        self.catchUp = catchUp
        self.port = port
        self.plan = plan
    }

    /// The bank's calls, and a few that it has not.
    static var operations: [OperationPlan] {
        var account = OperationPlan(name: "account", method: "GET", pathTemplate: "/v1/accounts/{id}", mode: .read)
        account.keys = [.path("id")]
        account.order = .key
        var preview = OperationPlan(name: "preview", method: "GET", pathTemplate: "/v1/accounts/{id}/interest", mode: .read)
        preview.keys = [.path("id")]
        preview.order = .key
        var payout = OperationPlan(
            name: "payout", method: "POST", pathTemplate: "/v1/accounts/{id}/interest-payouts", mode: .mirroredWrite)
        payout.keys = [.path("id")]
        payout.order = .key
        payout.notDone = [NotDoneAnswer(status: 409, code: "ACCOUNT_BUSY")]
        var transfer = OperationPlan(name: "transfer", method: "POST", pathTemplate: "/v1/transfers", mode: .mirroredWrite)
        transfer.keys = [.body("$.from"), .body("$.to")]
        transfer.order = .key
        var status = OperationPlan(name: "status", method: "POST", pathTemplate: "/v1/accounts/{id}/status", mode: .never)
        status.keys = [.path("id")]
        let rates = OperationPlan(name: "rates", method: "GET", pathTemplate: "/v1/rates", mode: .read)
        return [account, preview, payout, transfer, status, rates]
    }

    func caller(tls: CallerTLS? = nil) async throws -> RawCaller { try await RawCaller.connect(port: port, tls: tls) }

    /// The side stops listening and resets what is open; its port stays its own.
    func takeAway(_ side: StubSide) async throws {
        try await side.goAway()
        let holder = PortHolder(port: side.port)
        holders.withLockedValue { $0[side.port] = holder }
    }

    func bringBack(_ side: StubSide) async throws {
        try await side.comeBack()
        holders.withLockedValue { $0.removeValue(forKey: side.port) }?.release()
    }

    /// Waits until nothing is under way, checks the books, and returns them.
    func settled() async throws -> ProxySnapshot {
        try await eventually("the books are settled") { [proxy] in
            let snapshot = await proxy.snapshot()
            return snapshot.inFlight == 0 && snapshot.awaitingComparison == 0 && snapshot.uncertainWrites == 0
                && snapshot.shadowBacklog == 0
        }
        return await proxy.snapshot()
    }

    func stop() async throws {
        await proxy.stop()
        try await legacy.shutdown()
        try await candidate.shutdown()
        for holder in holders.withLockedValue({ $0.values }) { holder.release() }
    }
}

/// Runs a test with a rig and stops it whatever happens.
func withRig(
    legacy: @escaping StubSide.Script = ProxyRig.echo, candidate: @escaping StubSide.Script = ProxyRig.echo,
    catchUp: MemoryCatchUp = MemoryCatchUp(), legacyTLS: NIOSSLContext? = nil, candidateTLS: NIOSSLContext? = nil,
    rollout: RolloutTraffic? = nil, change: (inout ProxyPlan) throws -> Void = { _ in },
    _ body: (ProxyRig) async throws -> Void
) async throws {
    let rig = try await ProxyRig.start(
        legacy: legacy, candidate: candidate, catchUp: catchUp, legacyTLS: legacyTLS, candidateTLS: candidateTLS,
        rollout: rollout, change: change)
    do {
        try await body(rig)
    } catch {
        try? await rig.stop()
        throw error
    }
    try await rig.stop()
}
