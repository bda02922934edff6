import InterestContract
import Testing

@testable import LegacyCore

@Suite struct MetricsTests {
    @Test(arguments: Bank.stores) func countsWhatTheDatabaseDoes(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let before = try #require(value("bank_dml_statements_total", in: await bank.get("/metrics", at: nil)))
        #expect(await bank.payout().status == 201)
        let reply = await bank.get("/metrics", at: nil)
        #expect(reply.status == 200 && reply.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(value("bank_dml_statements_total", in: reply) == before + 80)
        for line in reply.text.split(separator: "\n") {
            #expect(
                line.hasPrefix("# HELP bank_") || line.hasPrefix("# TYPE bank_") || line.split(separator: " ").count == 2,
                "\(line)")
        }
        #if PostgreSQL
            if case .postgres = store {
                #expect(value("bank_database_max_connections", in: reply) == 4)
                #expect(value("bank_database_open_connections", in: reply).map { (1...4).contains($0) } == true)
                #expect(value("bank_database_round_trips_total", in: reply).map { $0 > 80 } == true)
                #expect(reply.text.contains("\nbank_database_wait_seconds_total 0."))
            }
        #endif
    }

    private func value(_ name: String, in reply: Reply) -> Int? {
        reply.text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}
