import Comparison
import NIOConcurrencyHelpers
import ShadowProxy
import Synchronization
import TestKit
import Testing
import Verdicts

@Suite struct RecheckTests {
    private static func value(_ value: Int) -> [StubStep] { [.send(StubAnswer.json(200, #"{"v":\#(value)}"#))] }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var target: String
        var primary: [Int]
        var shadow: [Int]
        var verdict: Verdict
        var persistence: Persistence?
        var testDescription: String { name }
    }

    /// The last value of a list is given again and again.
    @Test(arguments: [
        Case(
            name: "persistent", target: "/v1/accounts/7", primary: [1], shadow: [2], verdict: .mismatch, persistence: .persistent),
        Case(
            name: "stale on an ordered key", target: "/v1/accounts/7", primary: [1], shadow: [2, 1], verdict: .mismatch,
            persistence: .transient),
        Case(name: "lag on an unordered read", target: "/v1/rates", primary: [1], shadow: [2, 1], verdict: .tolerated),
        Case(
            name: "noise", target: "/v1/accounts/7", primary: [1, 2, 3], shadow: [4, 5, 6], verdict: .notComparable,
            persistence: .noise),
        Case(
            name: "noise on an unordered read", target: "/v1/rates", primary: [1, 2], shadow: [4, 2], verdict: .notComparable,
            persistence: .noise),
        Case(
            name: "a busy value, wrong on the shadow, unordered", target: "/v1/rates", primary: [1, 2, 3], shadow: [4, 5, 6],
            verdict: .mismatch, persistence: .persistent),
        Case(
            name: "persistent, unordered", target: "/v1/rates", primary: [1], shadow: [2], verdict: .mismatch,
            persistence: .persistent),
    ])
    func verdictAfterAskingAgain(test: Case) async throws {
        try await withRig(
            legacy: { Self.value(test.primary[min($0.index, test.primary.count - 1)]) },
            candidate: { Self.value(test.shadow[min($0.index, test.shadow.count - 1)]) }
        ) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", test.target).bodyText == #"{"v":\#(test.primary[0])}"#)
            let books = try await rig.settled()
            #expect(books.count(test.verdict) == 1)
            #expect(books.received == 1)
            #expect(books.rechecks == 0)
            #expect(books.isConserved)
            let evidence = rig.evidence.all
            #expect(evidence.map(\.persistence) == (test.persistence.map { [$0] } ?? []))
            #expect(evidence.allSatisfy { $0.verdict == test.verdict && $0.differences.map(\.path) == ["$.v"] })
            // The same instant for every asking.
            #expect(Set(rig.legacy.seen.map { $0.header("X-Request-Time") }).count == 1)
            #expect(books.keys == (test.verdict == .mismatch && test.target != "/v1/rates" ? 1 : 0), "the root is remembered")
        }
    }

    @Test func withoutTriesItIsUnconfirmed() async throws {
        try await withRig(
            legacy: { _ in Self.value(1) }, candidate: { _ in Self.value(2) }, change: { $0.limits.recheckTriesMax = 0 }
        ) { rig in
            let caller = try await rig.caller()
            _ = try await caller.call("GET", "/v1/accounts/7")
            #expect(try await rig.settled().count(.mismatch) == 1)
            #expect(rig.evidence.all.map(\.persistence) == [.unconfirmed])
            #expect(rig.legacy.seen.count == 1)
        }
    }

    @Test func laterMismatchesOfAKeyAreItsCascade() async throws {
        try await withRig(
            legacy: { _ in Self.value(1) }, candidate: { Self.value($0.header("X-Equal") == nil ? 2 : 1) },
            change: { $0.limits.recheckTriesMax = 0 }
        ) { rig in
            let caller = try await rig.caller()
            for headers in [[], [], [("X-Equal", "1")], [], []] as [[(String, String)]] {
                _ = try await caller.call("GET", "/v1/accounts/7", headers: headers)
                _ = try await rig.settled()
            }
            let evidence = rig.evidence.all
            #expect(evidence.count == 4)
            #expect(evidence[0].cascadeOf == nil)
            #expect(evidence[1].cascadeOf == evidence[0].id)
            #expect(evidence[2].cascadeOf == nil)
            #expect(evidence[3].cascadeOf == evidence[2].id)
        }
    }

    @Test(arguments: [(2, Persistence.persistent), (1, .transient)])
    func writesAreReadBackAndNeverSentAgain(shadowBalance: Int, persistence: Persistence) async throws {
        try await withRig(
            legacy: { $0.method == "POST" ? Self.value(5) : Self.value(1) },
            candidate: { $0.method == "POST" ? Self.value(6) : Self.value(shadowBalance) },
            change: { plan in
                for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            _ = try await caller.call(
                "POST", "/v1/accounts/7/interest-payouts", headers: [("Idempotency-Key", "k")], body: "{}")
            let books = try await rig.settled()
            #expect(books.count(.mismatch) == 1)
            #expect(rig.evidence.all.map(\.persistence) == [persistence])
            #expect(rig.legacy.seen.map(\.method) == ["POST", "GET"])
            #expect(rig.candidate.seen.map(\.target) == ["/v1/accounts/7/interest-payouts", "/v1/accounts/7"])
        }
    }

    @Test func anUnverifiedKeyIsReadBackByItself() async throws {
        try await withRig(change: { plan in
            for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                plan.operations[index].readBack = "/v1/accounts/{key}"
            }
        }) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("POST", "/v1/accounts/a%20b/status", body: "{}").status == 200)
            try await eventually("the read-back agreed") {
                let snapshot = await rig.proxy.snapshot()
                return snapshot.unverifiedKeys == 0 && rig.candidate.seen.count == 1
            }
            #expect(rig.candidate.seen.map(\.target) == ["/v1/accounts/a%20b"])
            let books = try await rig.settled()
            #expect(books.received == 1)
            #expect(books.isConserved)
        }
    }

    /// Sides that refuse alike agree, and so do reads that would not show the write.
    @Test func onlyWhatShowsTheWriteProvesAKey() async throws {
        let store = MemoryCatchUp([], standings: ["1": (.unverified, "by test", nil)])
        // The read-back carries nobody's credentials.
        let guarded: StubSide.Script = { request in
            let isRefused = request.target == "/v1/accounts/1" && request.header("Authorization") == nil
            return [.send(StubAnswer.json(isRefused ? 401 : 200, "{}"))]
        }
        try await withRig(
            legacy: guarded, candidate: guarded, catchUp: store,
            change: { plan in
                plan.limits.writeLandsWithinMs = 300
                for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            try await eventually("it was read back") { rig.candidate.seen.count { $0.target == "/v1/accounts/1" } >= 1 }
            let mine = [("Authorization", "a caller's")]
            for (target, headers, status) in [
                ("/v1/accounts/1/interest", mine, 200), ("/v1/accounts/1", [], 401), ("/v1/accounts/1?page=9", mine, 200),
            ] {
                #expect(try await caller.call("GET", target, headers: headers).status == status)
                #expect(try await rig.settled().unverifiedKeys == 1, "\(target)")
            }
            #expect(try await caller.call("GET", "/v1/accounts/1", headers: mine).status == 200)
            #expect(try await rig.settled().unverifiedKeys == 0)
        }
    }

    enum Doubt { case crash, order }

    /// An order's read-back does not show what was written of an account of the same name, and the other way round.
    @Test(
        arguments: [
            // After a crash: nobody knows of which operation the write was.
            (["accounts": "same", "orders": "none"], [.crash], true), (["accounts": "none", "orders": "same"], [.crash], true),
            (["accounts": "none", "orders": "none"], [.crash], false),
            (["accounts": "same", "orders": "other"], [.crash], false),
            (["accounts": "same", "orders": "refused"], [.crash], false),
            // Of an order alone, and after a crash as well.
            (["accounts": "same", "orders": "none"], [.order], false), (["accounts": "other", "orders": "same"], [.order], true),
            (["accounts": "same", "orders": "none"], [.crash, .order], false),
            (["accounts": "same", "orders": "same"], [.crash, .order], true),
        ] as [([String: String], Set<Doubt>, Bool)])
    func aKeyIsReadBackByWhatShowsIt(says: [String: String], doubts: Set<Doubt>, isProved: Bool) async throws {
        func script(_ side: String) -> StubSide.Script {
            { request in
                guard request.method == "GET" else { return [.send(StubAnswer.json(200, "{}"))] }
                return switch says[String(request.target.split(separator: "/")[1])] {
                case "same": [.send(StubAnswer.json(200, "{}"))]
                case "other": [.send(StubAnswer.json(200, #"{"side":"\#(side)"}"#))]
                case "refused": [.send(StubAnswer.json(503, "{}"))]
                default: [.send(StubAnswer.json(404, "{}"))]
                }
            }
        }
        let store = MemoryCatchUp([], standings: doubts.contains(.crash) ? ["1": (.unverified, "by test", nil)] : [:])
        try await withRig(
            legacy: script("legacy"), candidate: script("candidate"), catchUp: store,
            change: { plan in
                plan.limits.writeLandsWithinMs = 1
                for index in plan.operations.indices {
                    switch plan.operations[index].mode {
                    case .mirroredWrite: plan.operations[index].readBack = "/v1/accounts/{key}"
                    case .never: plan.operations[index].readBack = "/v1/orders/{key}"
                    case .read: break
                    }
                }
            }
        ) { rig in
            if doubts.contains(.order) {
                let caller = try await rig.caller()
                #expect(try await caller.call("POST", "/v1/accounts/1/status", body: "{}").status == 200)
            }
            try await eventually("it was read back, twice if in vain") {
                let asked = rig.candidate.seen.count { $0.target.hasSuffix("/1") && $0.target.contains("orders") }
                let unverified = await rig.proxy.snapshot().unverifiedKeys
                return isProved ? unverified == 0 && asked >= 1 : asked >= 2
            }
            #expect(try await rig.settled().unverifiedKeys == (isProved ? 0 : 1))
            if !doubts.contains(.crash) { #expect(!rig.candidate.seen.contains { $0.target == "/v1/accounts/1" }) }
        }
    }

    /// After an unclean stop there may be very many; they wait in line for one another.
    @Test func manyKeysAreReadBackAllTheSame() async throws {
        let names = (0..<300).map { "many-\($0)" }
        let standings = names.map { ($0, (KeyStanding.unverified, "by test", Side?.none)) }
        let store = MemoryCatchUp([], standings: Dictionary(uniqueKeysWithValues: standings))
        try await withRig(
            catchUp: store,
            change: { plan in
                plan.limits.writeLandsWithinMs = 1
                for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            try await eventually("all are proved") { await rig.proxy.snapshot().unverifiedKeys == 0 }
            #expect(Set(rig.candidate.seen.map(\.target)) == Set(names.map { "/v1/accounts/\($0)" }))
            #expect(store.now.standings.isEmpty)
        }
    }

    @Test(arguments: ["/v1/accounts/kim@bank", "/v1/accounts/k%69m%40bank", "/v1/accounts/kim@bank?x=1", "/v1/accounts/kin@bank"])
    func aCallersReadIsKnownByItsMeaning(target: String) async throws {
        let store = MemoryCatchUp([], standings: ["kim@bank": (.unverified, "by test", nil)])
        let guarded: StubSide.Script = { [.send(StubAnswer.json($0.header("Authorization") == nil ? 401 : 200, "{}"))] }
        try await withRig(
            legacy: guarded, candidate: guarded, catchUp: store,
            change: { plan in
                plan.limits.writeLandsWithinMs = 1
                for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            try await eventually("it was read back in vain") { !rig.candidate.seen.isEmpty }
            #expect(try await caller.call("GET", target, headers: [("Authorization", "a caller's")]).status == 200)
            #expect(try await rig.settled().unverifiedKeys == (target.hasSuffix("m@bank") || target.contains("%40") ? 0 : 1))
        }
    }

    /// A common limiter in front of both sides says nothing of what they hold.
    /// Something that is gone does.
    @Test(arguments: [
        (429, Verdict.mismatch, Persistence.unconfirmed), (503, .mismatch, .unconfirmed), (404, .notComparable, .noise),
    ])
    func aRefusalOfBothMakesNoNoiseOfAMismatch(then: Int, verdict: Verdict, persistence: Persistence) async throws {
        let asked = Mutex<[String: Int]>([:])
        func script(_ side: String, _ first: Int) -> StubSide.Script {
            { _ in
                let count = asked.withLock { counts in
                    counts[side, default: 0] += 1
                    return counts[side] ?? 0
                }
                return [.send(StubAnswer.json(count == 1 ? first : then, "{}"))]
            }
        }
        try await withRig(legacy: script("legacy", 200), candidate: script("candidate", 500)) { rig in
            let caller = try await rig.caller()
            #expect(try await caller.call("GET", "/v1/accounts/1").status == 200)
            let books = try await rig.settled()
            #expect(books.count(verdict) == 1)
            #expect(rig.evidence.all.map(\.persistence) == [persistence])
        }
    }

    /// A write that was sent before a kill may take effect after both sides were asked, and agreed, without it.
    /// So may one that a gateway gave up.
    @Test(arguments: [nil, 504])
    func nothingProvesAKeyWhileAWriteMayBeUnderWay(givenUp: Int?) async throws {
        let store = MemoryCatchUp([], standings: givenUp == nil ? ["1": (.unverified, "by test", nil)] : [:])
        try await withRig(
            legacy: { [.send(StubAnswer.json($0.method == "GET" ? 200 : givenUp ?? 200, "{}"))] },
            candidate: { _ in [.send(StubAnswer.json(200, "{}"))] }, catchUp: store,
            change: { plan in
                (plan.legacy.answerTimeoutMs, plan.candidate.answerTimeoutMs) = (60_000, 100)
                #expect(plan.limits.writeLandsWithinMs == nil)
                for index in plan.operations.indices where plan.operations[index].mode == .mirroredWrite {
                    plan.operations[index].readBack = "/v1/accounts/{key}"
                }
            }
        ) { rig in
            let caller = try await rig.caller()
            if let givenUp {
                #expect(try await caller.call("POST", "/v1/accounts/1/status", body: "{}").status == givenUp)
            }
            // Past the shorter of the two.
            try await Task.sleep(for: .milliseconds(400))
            #expect(rig.candidate.seen.isEmpty, "it is not read back either")
            #expect(try await caller.call("GET", "/v1/accounts/1").status == 200)
            let books = try await rig.settled()
            #expect(books.count(.notComparable) == 1 && books.unverifiedKeys == 1)
            #expect(store.now.standings["1"] != nil)
        }
    }
}
