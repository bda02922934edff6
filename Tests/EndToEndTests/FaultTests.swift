import Foundation
import TestKit
import Testing

@Suite("Each fault is seen and told, end to end", .serialized)
struct FaultTests {
    @Test(
        "a candidate with a fault is caught, and its alert arrives",
        arguments: [
            "round-half-up", "tier-inclusive", "utc-date", "tax-on-combined-rate", "deposit-freeze-ignored",
            "reply-without-posting",
        ])
    func caught(fault: String) async throws {
        let bank = try await BankUnderTest.start(fault: fault)
        let drive = try await bank.drive([
            "--requests", "4000", "--rate", "700", "--connections", "16", "--seed", "11", "--mix",
            "previews=40,payouts=40,deposits=10,withdrawals=5,accounts=5",
        ])
        #expect(drive.answered == 4_000)
        let verdicts = try await bank.settled()
        #expect(verdicts.conserved)
        #expect(verdicts.count("mismatch") > 0)
        let notices = try await bank.receiver.notices(atLeast: 1)
        let notice = try #require(notices.first)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(notice.body)) as? [String: Any])
        #expect(json["type"] as? String == "incident.opened")
        let data = try #require(json["data"] as? [String: Any])
        let incident = try #require((data["incidents"] as? [[String: Any]])?.first)
        #expect(incident["kind"] as? String == "mismatch")
        print("\(fault): \(verdicts.count("mismatch")) mismatches, first alert: \(data["summary"] ?? "")")
        try await bank.shutdown()
    }
}
