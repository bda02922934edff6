import InterestContract
import Testing

@Suite struct RequestTests {
    private static func isMalformed(_ body: () throws(Problem) -> Void) -> Bool {
        do {
            try body()
            return false
        } catch { return error.code == .malformedRequest && !error.detail.isEmpty }
    }

    @Test func readsChannels() throws {
        for channel in Channel.allCases {
            #expect(try ChannelRequest(Array(#"{"channel":"\#(channel.rawValue)"}"#.utf8)).channel == channel)
        }
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"channel":null}"#, #"{"channel":"mobile"}"#, #"{"channel":"WEB"}"#, #"{"channel":1}"#,
        #"{"channel":"MOBILE","more":1}"#, #"{"channel":"MOBILE","channel":"MOBILE"}"#, #"{"channel":"MOBILE"} x"#,
    ])
    func refusesOtherChannels(body: String) {
        #expect(Self.isMalformed { () throws(Problem) in _ = try ChannelRequest(Array(body.utf8)) })
    }

    @Test func readsTransactions() throws {
        let body = #"{"valueDate":"2026-03-01","type":"WITHDRAWAL","channel":"ATM","amount":1000000000000000}"#
        let request = try TransactionRequest(Array(body.utf8))
        #expect(request.type == .withdrawal && request.amount == 1_000_000_000_000_000 && request.channel == .atm)
        #expect(request.valueDate == CivilDate("2026-03-01"))
        #expect(try TransactionRequest(Array(#"{"type":"DEPOSIT","amount":1,"channel":"ATM"}"#.utf8)).valueDate == nil)
    }

    @Test(arguments: [
        #""type":"DEPOSIT","amount":0,"channel":"ATM""#, #""type":"DEPOSIT","amount":-1,"channel":"ATM""#,
        #""type":"DEPOSIT","amount":1000000000000001,"channel":"ATM""#, #""type":"DEPOSIT","amount":1.0,"channel":"ATM""#,
        #""type":"DEPOSIT","amount":1e3,"channel":"ATM""#, #""type":"DEPOSIT","amount":"1","channel":"ATM""#,
        #""type":"DEPOSIT","amount":18446744073709551617,"channel":"ATM""#, #""type":"DEPOSIT","amount":1"#,
        #""type":"PAYOUT","amount":1,"channel":"ATM""#, #""type":"DEPOSIT","amount":1,"channel":"ATM","valueDate":null"#,
        #""type":"DEPOSIT","amount":1,"channel":"ATM","valueDate":"2026-02-29""#,
    ])
    func refusesOtherTransactions(members: String) {
        #expect(Self.isMalformed { () throws(Problem) in _ = try TransactionRequest(Array("{\(members)}".utf8)) })
    }

    @Test func readsTransfers() throws {
        let request = try TransferRequest(Array(#"{"from":"a-1","to":"b-2","amount":7,"channel":"TRANSFER"}"#.utf8))
        #expect(request.from == "a-1" && request.to == "b-2" && request.amount == 7 && request.channel == .transfer)
    }

    @Test(arguments: [
        #""from":"a","to":"a","amount":7,"channel":"TRANSFER""#, #""from":"","to":"b","amount":7,"channel":"TRANSFER""#,
        #""from":"a/b","to":"b","amount":7,"channel":"TRANSFER""#, #""from":1,"to":"b","amount":7,"channel":"TRANSFER""#,
        #""from":"a","amount":7,"channel":"TRANSFER""#,
    ])
    func refusesOtherTransfers(members: String) {
        #expect(Self.isMalformed { () throws(Problem) in _ = try TransferRequest(Array("{\(members)}".utf8)) })
    }

    @Test func readsStatusCalls() throws {
        let all = try StatusRequest(
            Array(
                #"{"customerState":"DECEASED","accountState":"FRAUD_HOLD","depositFreeze":true,"withdrawalFreeze":false,"incidentAmount":1}"#
                    .utf8))
        #expect(all.customerState == .deceased && all.accountState == .fraudHold)
        #expect(all.depositFreeze == true && all.withdrawalFreeze == false && all.incidentAmount == 1)
        let one = try StatusRequest(Array(#"{"withdrawalFreeze":true}"#.utf8))
        #expect(one.withdrawalFreeze == true && one.accountState == nil && one.incidentAmount == nil)
    }

    @Test(arguments: [
        "{}", #"{"accountState":"FRAUD_HOLD"}"#, #"{"accountState":"FROZEN"}"#, #"{"depositFreeze":1}"#,
        #"{"depositFreeze":null}"#,
        #"{"incidentAmount":0}"#, #"{"state":"ACTIVE"}"#,
    ])
    func refusesOtherStatusCalls(body: String) {
        #expect(Self.isMalformed { () throws(Problem) in _ = try StatusRequest(Array(body.utf8)) })
    }

    @Test func readsRates() throws {
        let schedule = try RateSchedule(
            Array(#"{"since":"2026-03-01","bands":[{"upTo":50000000,"ppm":23000},{"upTo":null,"ppm":40000}]}"#.utf8))
        #expect(schedule.since == CivilDate("2026-03-01"))
        #expect(schedule.bands == [RateBand(upTo: 50_000_000, ppm: 23_000), RateBand(upTo: nil, ppm: 40_000)])
    }

    @Test(arguments: [
        #"[]"#, #"[{"upTo":1,"ppm":1}]"#, #"[{"ppm":1},{"ppm":1}]"#, #"[{"upTo":0,"ppm":1},{"ppm":1}]"#,
        #"[{"upTo":2,"ppm":1},{"upTo":2,"ppm":1},{"ppm":1}]"#, #"[{"ppm":-1}]"#, #"[{"ppm":1000001}]"#, #"[{"ppm":1.5}]"#,
        #"[{"ppm":1,"from":0}]"#, #"[{"upTo":"1","ppm":1},{"ppm":1}]"#, #"{}"#,
    ])
    func refusesOtherRates(bands: String) {
        #expect(
            Self.isMalformed { () throws(Problem) in
                _ = try RateSchedule(Array(#"{"since":"2026-03-01","bands":\#(bands)}"#.utf8))
            })
    }

    @Test(arguments: [
        ("1000-0000-0001", true), ("A", true), (String(repeating: "a", count: 64), true), ("", false), ("a_b", false),
        ("a.b", false),
        ("é", false), (String(repeating: "a", count: 65), false), ("a b", false), ("%41", false),
    ])
    func knowsIdentifiers(text: String, isOne: Bool) { #expect(WireRequests.isIdentifier(text) == isOne) }

    @Test(arguments: [
        ("k", true), ("!~", true), (String(repeating: "k", count: 200), true), ("", false), ("a b", false), ("é", false),
        ("\u{7F}", false), (String(repeating: "k", count: 201), false),
    ])
    func knowsIdempotencyKeys(text: String, isOne: Bool) { #expect(WireRequests.isIdempotencyKey(text) == isOne) }
}
