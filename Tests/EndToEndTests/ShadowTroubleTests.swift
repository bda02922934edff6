import Foundation
import NIOConcurrencyHelpers
import TestKit
import Testing

/// The candidate is killed, stopped or reset in the middle of a run. What the callers get is held against the primary's own log, and
/// the candidate's books are equal again once it has caught up.
@Suite("A shadow in trouble costs the caller nothing", .serialized)
struct ShadowTroubleTests {
    enum Trouble: String, CaseIterable, Sendable {
        case killed, stopped, reset
    }

    @Test("callers get the primary's bytes, sheds are counted, catch-up ends with equal ledgers", arguments: Trouble.allCases)
    func trouble(_ trouble: Trouble) async throws {
        let log = NIOLockedValueBox<RecordingRelay?>(nil)
        let wire = NIOLockedValueBox<RecordingRelay?>(nil)
        let bank = try await BankUnderTest.start(
            limits: ["shadow-backlog: 24"], candidateTimeout: "1s",
            legacyRelay: { port in
                let relay = try await RecordingRelay.start(to: port)
                log.withLockedValue { $0 = relay }
                return relay.port
            },
            payoutRelay: { port in
                let relay = try await RecordingRelay.start(to: port)
                wire.withLockedValue { $0 = relay }
                return relay.port
            })
        let primaryLog = try #require(log.withLockedValue { $0 })
        let shadowWire = try #require(wire.withLockedValue { $0 })
        let accounts = try BankCallers.accounts(400)

        let calm = try await BankCallers(port: bank.proxyPort, accounts: accounts, run: 1).call(callers: 32, each: 40, day: 1)
        _ = try await bank.settled()

        let restarted = NIOLockedValueBox<ProgramUnderTest?>(nil)
        let rough = try await BankCallers(port: bank.proxyPort, accounts: accounts, run: 2).call(callers: 32, each: 120, day: 2) {
            answered in
            switch (trouble, answered) {
            case (.killed, 500): bank.payout.signal(SIGKILL)
            case (.killed, 3_000): restarted.withLockedValue { $0 = try? bank.restartPayout() }
            case (.stopped, 500): bank.payout.signal(SIGSTOP)
            case (.stopped, 3_000): bank.payout.signal(SIGCONT)
            case (.reset, _) where answered % 100 == 0: shadowWire.resetAll()
            default: break
            }
        }

        for answered in calm + rough {
            let sent = primaryLog.answers(to: answered.trace)
            #expect(sent.count == 1)
            #expect(sent.first == answered.answer)
        }
        #expect(calm.count + rough.count == 32 * 160)

        let verdicts = try await bank.settled()
        #expect(verdicts.conserved)
        #expect(verdicts.received == 32 * 160)
        #expect(verdicts.count("mismatch") == 0)
        #expect(verdicts.keysDiverged == 0)
        let missed = ["shadow-error", "shadow-timeout", "shed", "not-comparable"].reduce(0) { $0 + verdicts.count($1) }
        #expect(missed > 0)
        if trouble == .stopped { #expect(verdicts.count("shed") > 0) }
        #expect(try await bank.reconcile().status == 0)
        print(
            "shadow \(trouble.rawValue): p99 of callers \(BankCallers.p99(calm)) us before, \(BankCallers.p99(rough)) us with the trouble; "
                + "\(verdicts.verdicts.filter { $0.value > 0 })")
        try await bank.shutdown()
    }

    @Test(
        "a proxy that is killed counts what was under way as interrupted; every account whose books then differ is unverified")
    func proxyKilled() async throws {
        let bank = try await BankUnderTest.start()
        let accounts = try BankCallers.accounts(200)
        // The callers of a killed proxy get no answer; what they had sent is what is under way.
        _ = try? await BankCallers(port: bank.proxyPort, accounts: accounts, run: 1).call(callers: 16, each: 200, day: 1) {
            answered in
            if answered == 1_000 { bank.proxy.signal(SIGKILL) }
        }
        #expect(try await bank.proxy.exit() == -SIGKILL)
        let (again, url, admin) = try await bank.restartProxy()
        let before = try await bank.verdicts(admin: admin)
        #expect(before.received >= 1_000)
        #expect(before.count("interrupted") > 0)
        #expect(before.conserved)
        let answers = try await BankCallers(port: BankUnderTest.port(url), accounts: accounts, run: 2).call(
            callers: 8, each: 50, day: 2)
        #expect(answers.allSatisfy { $0.answer.status < 500 })
        let after = try await bank.settled(admin: admin)
        #expect(after.conserved)
        #expect(after.received == before.received + 400)
        // A write that the primary had done and the shadow had not is gone with the process: its key must not look trusted.
        let differing = try await bank.reconcile().accounts
        let unverified = try await bank.unverifiedKeys()
        #expect(differing.subtracting(unverified) == [], "accounts whose books differ and whose keys look trusted")
        print(
            "proxy killed: \(after.verdicts.filter { $0.value > 0 }), unverified \(after.keysUnverified), differing \(differing.count)"
        )
        again.signal(SIGTERM)
        #expect(try await again.exit() == 0)
        try await bank.shutdown()
    }
}
