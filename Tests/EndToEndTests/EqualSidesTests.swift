import TestKit
import Testing

@Suite("Equal sides, end to end", .serialized)
struct EqualSidesTests {
    @Test(
        "20 000 mixed requests over 16 connections: no mismatch, most of them about money, counts conserved, ledgers equal to the won"
    )
    func twentyThousand() async throws {
        // On a slow machine the shadow may fall behind by any number of requests, and must still compare each.
        let bank = try await BankUnderTest.start(limits: ["shadow-backlog: 40000", "shadow-backlog-bytes: 1GiB"])
        let drive = try await bank.drive([
            "--requests", "20000", "--rate", "800", "--connections", "16", "--seed", "7", "--mix",
            "previews=60,payouts=25,deposits=5,withdrawals=5,transfers=3,accounts=2",
        ])
        #expect(drive.answered == 20_000)
        #expect(drive.failures.isEmpty)
        let verdicts = try await bank.settled()
        #expect(verdicts.conserved)
        #expect(verdicts.received == 20_000)
        #expect(verdicts.count("match") == 20_000)
        #expect(drive.moneyAnswers * 2 >= verdicts.compared)
        #expect(verdicts.keysDiverged == 0)
        #expect(bank.receiver.notices.map { String(decoding: $0.body, as: UTF8.self) } == [])
        #expect(try await bank.reconcile().status == 0)
        print(
            "20 000 requests: \(verdicts.verdicts.filter { $0.value > 0 }), money in \(drive.moneyAnswers), p99 \(drive.latency.p99) us"
        )

        bank.proxy.signal(15)
        #expect(try await bank.proxy.exit() == 0)
        try await bank.shutdown()
    }
}
