import InterestContract
import Testing

@testable import PayoutService

/// The ordered list of checks: each row on both sides of its edge, and each row before the next.
@Suite struct ChecksTests {
    enum Call: String, Sendable, CaseIterable { case preview, payout, deposit, withdrawal, closure, transferFrom, transferTo }

    static let other = "2000-0000-0002"
    static let pay: Set<Call> = [.preview, .payout]
    static let deposit: Set<Call> = [.deposit, .transferTo]
    static let withdrawal: Set<Call> = [.withdrawal, .transferFrom]
    static let all = Set(Call.allCases)

    struct Row: Sendable, CustomTestStringConvertible {
        var code: String
        var calls: Set<Call>
        var status = 422
        /// What other calls are refused with for the same reason; all the rest pass.
        var elsewhere: [Call: String] = [:]
        /// Makes the account one that this row refuses, and leaves all later rows' reasons in place.
        var change: @Sendable (inout FixtureAccount) -> Void
        var testDescription: String { code }
    }

    /// In the rules' order. Rows that exclude each other by their nature (one state at a time) stand side by side.
    static let rows: [Row] = [
        Row(code: "CUSTOMER_DECEASED", calls: all) { $0.customer.state = .deceased },
        Row(code: "CUSTOMER_IDENTITY_THEFT", calls: all) { $0.customer.state = .identityTheft },
        Row(code: "CUSTOMER_KYC_EXPIRED", calls: all) { $0.customer.state = .kycExpired },
        Row(code: "ACCOUNT_CLOSED", calls: all) { $0.state = .closed },
        Row(code: "ACCOUNT_DORMANT", calls: all) { $0.state = .dormant },
        Row(code: "ACCOUNT_SUSPENDED", calls: all) { $0.state = .suspended },
        Row(code: "DEPOSIT_FROZEN", calls: pay.union(deposit).union([.closure])) { $0.depositFreeze = true },
        Row(code: "ACCOUNT_SEIZED", calls: withdrawal.union([.closure])) { $0.state = .seized },
        Row(code: "WITHDRAWAL_FROZEN", calls: withdrawal.union([.closure])) { $0.withdrawalFreeze = true },
        Row(code: "ACCOUNT_FRAUD_HOLD", calls: [.closure]) {
            $0.state = .fraudHold
            $0.incidentAmount = 1
        },
        Row(code: "ALREADY_PAID_TODAY", calls: pay, status: 409) { $0.lastPaidOn = Fixture.date("2026-03-02") },
        Row(code: "BUSINESS_DATE_IN_PAST", calls: pay.union([.closure]), status: 409) {
            $0.lastPaidOn = Fixture.date("2026-03-03")
        },
        Row(code: "NOTHING_PAYABLE", calls: pay) { $0.entries[0].amount = 18_249 },
        Row(code: "POTS_NOT_EMPTY", calls: [.closure]) { $0.pots = [.init(id: "P", balance: 1)] },
        Row(code: "FUNDS_HELD", calls: [.closure]) { $0.heldAmount = 1 },
        Row(
            code: "NEGATIVE_BALANCE", calls: [.closure],
            elsewhere: [
                .preview: "NOTHING_PAYABLE", .payout: "NOTHING_PAYABLE", .withdrawal: "INSUFFICIENT_FUNDS",
                .transferFrom: "INSUFFICIENT_FUNDS",
            ]
        ) { $0.entries[0].amount = -1 },
        Row(code: "INSUFFICIENT_FUNDS", calls: withdrawal, elsewhere: [.closure: "FUNDS_HELD"]) { $0.heldAmount = 18_250 - 999 },
    ]

    private static func send(_ call: Call, _ bank: Bank) async throws -> Bank.Answer {
        switch call {
        case .preview: try await bank.preview()
        case .payout: try await bank.pay()
        case .deposit: try await bank.transact(.deposit, 1_000)
        case .withdrawal: try await bank.transact(.withdrawal, 1_000)
        case .closure: try await bank.close()
        case .transferFrom: try await bank.transfer(Fixture.id, other, 1_000)
        case .transferTo: try await bank.transfer(other, Fixture.id, 1_000)
        }
    }

    private static let bystander = Fixture.account(18_250_000, id: other, customer: "C2")

    /// 18 250 won earn exactly one won a day.
    @Test(arguments: rows, Bank.stores) func aRowRefusesItsCallsAndNoOthers(_ row: Row, on store: Bank.Engine) async throws {
        let account = Fixture.account(18_250, change: row.change)
        for call in Call.allCases {
            try await store.open([account, ChecksTests.bystander]) { bank in
                let answer = try await ChecksTests.send(call, bank)
                let expected = row.calls.contains(call) ? row.code : row.elsewhere[call]
                #expect(answer.code == expected, "\(call.rawValue)")
                if expected == row.code {
                    #expect(answer.status == row.status, "\(call.rawValue)")
                    #expect(answer.contentType == "application/problem+json")
                }
                if expected == nil { #expect(answer.status < 300, "\(call.rawValue): \(answer.text)") }
                try await bank.expectCleanBooks()
            }
        }
    }

    @Test(arguments: Bank.stores) func theOtherSideOfEachEdgePasses(_ store: Bank.Engine) async throws {
        for call in Call.allCases {
            try await store.open([Fixture.account(18_250), ChecksTests.bystander]) { bank in
                #expect(try await ChecksTests.send(call, bank).status < 300, "\(call.rawValue)")
                try await bank.expectCleanBooks()
            }
        }
    }

    /// With this row's reason and a later one's both given, this row answers.
    @Test(arguments: rows.indices, Bank.stores) func anEarlierRowWins(_ index: Int, on store: Bank.Engine) async throws {
        let row = ChecksTests.rows[index]
        for later in ChecksTests.rows[(index + 1)...] {
            for call in row.calls.intersection(later.calls) {
                let account = Fixture.account(18_250) {
                    later.change(&$0)
                    row.change(&$0)
                }
                // Changes that overwrite each other (one state, one date) can't both be given.
                let turned = Fixture.account(18_250) {
                    row.change(&$0)
                    later.change(&$0)
                }
                guard turned == account, account != Fixture.account(18_250, change: row.change),
                    account != Fixture.account(18_250, change: later.change)
                else { continue }
                try await store.open([account, ChecksTests.bystander]) { bank in
                    let answer = try await ChecksTests.send(call, bank)
                    #expect(answer.code == row.code, "\(call.rawValue) with \(later.code)")
                }
            }
        }
    }

    @Test(arguments: Bank.stores) func withinARowThePayingSideOfATransferAnswers(_ store: Bank.Engine) async throws {
        let deceased = Fixture.account(18_250) { $0.customer.state = .deceased }
        let expired = Fixture.account(18_250, id: ChecksTests.other, customer: "C2") { $0.customer.state = .kycExpired }
        try await store.open([deceased, expired]) { bank in
            let there = try await bank.transfer(Fixture.id, ChecksTests.other, 1)
            #expect(there.code == "CUSTOMER_DECEASED")
            #expect(try await bank.transfer(ChecksTests.other, Fixture.id, 1).code == "CUSTOMER_KYC_EXPIRED")
            #expect(try await bank.transfer("nobody", ChecksTests.other, 1).code == "ACCOUNT_NOT_FOUND")
            #expect(try await bank.transfer(Fixture.id, "nobody", 1).code == "ACCOUNT_NOT_FOUND")
        }
    }

    @Test(arguments: Bank.stores) func aReceiversEarlierRowComesBeforeThePayersLaterOne(_ store: Bank.Engine) async throws {
        let poor = Fixture.account(0)
        let frozen = Fixture.account(18_250, id: ChecksTests.other, customer: "C2") { $0.depositFreeze = true }
        try await store.open([poor, frozen]) { bank in
            let answer = try await bank.transfer(Fixture.id, ChecksTests.other, 1)
            #expect(answer.code == "DEPOSIT_FROZEN")
        }
    }

    @Test(arguments: Bank.stores) func availableIsBalanceLessHeldToTheWon(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(10_000) { $0.heldAmount = 4_000 }]) { bank in
            let over = try await bank.transact(.withdrawal, 6_001)
            #expect(over.code == "INSUFFICIENT_FUNDS")
            let exact = try await bank.transact(.withdrawal, 6_000)
            #expect(exact["balanceAfter"] == 4_000)
            #expect(exact["heldAmount"] == 4_000)
            try await bank.expectCleanBooks()
        }
    }

    @Test(arguments: Bank.stores) func neverPaidTheOpeningDateBoundsTheBusinessDate(_ store: Bank.Engine) async throws {
        let account = Fixture.account(100_000_000, openedOn: "2026-03-02", lastPaidOn: nil)
        try await store.open([account]) { bank in
            let before = try await bank.preview(at: "2026-03-01T23:59:59+09:00")
            #expect(before.code == "BUSINESS_DATE_IN_PAST")
            #expect(try await bank.preview(at: "2026-03-02T00:00:00+09:00").code == "NOTHING_PAYABLE")
            #expect(try await bank.preview(at: "2026-03-03T00:00:00+09:00").gross == 5_479)
        }
    }

    @Test(arguments: Bank.stores) func whatIsMalformedOrMissingComesFirst(_ store: Bank.Engine) async throws {
        let closed = Fixture.account(18_250) { $0.state = .closed }
        try await store.open([closed]) { bank in
            let path = "/v1/accounts/\(Fixture.id)/transactions"
            let form = try await bank.post(path, "{}", key: "")
            #expect(form.code == "MALFORMED_REQUEST")
            let body = #"{"type":"DEPOSIT","amount":1,"channel":"ATM"}"#
            #expect(try await bank.post(path, body, key: "").code == "IDEMPOTENCY_KEY_MISSING")
            #expect(try await bank.post(path, body, key: "é").code == "MALFORMED_REQUEST")
            #expect(try await bank.post(path, body, at: "yesterday").code == "MALFORMED_REQUEST")
            #expect(try await bank.post(path, body, mode: "wet-run").code == "MALFORMED_REQUEST")
            #expect(try await bank.post("/v1/accounts/nobody/transactions", body).code == "ACCOUNT_NOT_FOUND")
            // The value date's bounds need the account; then they come before its states.
            let dated = #"{"type":"DEPOSIT","amount":1,"channel":"ATM","valueDate":"2024-12-31"}"#
            #expect(try await bank.post("/v1/accounts/nobody/transactions", dated).code == "ACCOUNT_NOT_FOUND")
            #expect(try await bank.post(path, dated, key: "dated").code == "MALFORMED_REQUEST")
            // Never stored: the key is still free.
            #expect(try await bank.post(path, body, key: "dated").code == "ACCOUNT_CLOSED")
            #expect(try await bank.post(path, dated, key: "dated").code == "IDEMPOTENCY_KEY_REUSED")
        }
    }

    @Test(arguments: Bank.stores) func valueDatesLieBetweenOpeningAndToday(_ store: Bank.Engine) async throws {
        try await store.open([Fixture.account(18_250)]) { bank in
            let cases = [("2024-12-31", 400), ("2025-01-01", 201), ("2026-03-02", 201), ("2026-03-03", 400)]
            for (date, status) in cases {
                #expect(try await bank.transact(.deposit, 5, valueDate: date).status == status, "\(date)")
            }
            try await bank.expectCleanBooks()
        }
    }
}
