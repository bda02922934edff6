import InterestContract
import Testing

@testable import LegacyCore

/// Each row of the table of checks, and each two of them: the earlier answers.
@Suite struct OrderOfChecksTests {
    enum Kind: String, Sendable, CaseIterable {
        case preview, payout, deposit, withdrawal, payer, payee, closure
    }

    /// One way to fail. Two of the same slot exclude each other.
    struct Fault: Sendable, CustomTestStringConvertible {
        var row: Int
        var slot: String
        var code: ProblemCode
        var kinds: Set<Kind>
        var change: @Sendable (inout FixtureAccount) -> Void

        var testDescription: String { "\(row) \(code.rawValue)" }
    }

    static let faults: [Fault] = {
        let all = Set(Kind.allCases)
        let interest: Set<Kind> = [.preview, .payout]
        let receiving: Set<Kind> = [.deposit, .payee]
        let paying: Set<Kind> = [.withdrawal, .payer]
        var faults: [Fault] = []
        for (state, code) in [
            (CustomerState.deceased, ProblemCode.customerDeceased), (.identityTheft, .customerIdentityTheft),
            (.kycExpired, .customerKycExpired),
        ] {
            faults.append(Fault(row: 5, slot: "customer", code: code, kinds: all) { $0.customer.state = state })
        }
        for (state, code) in [
            (AccountState.closed, ProblemCode.accountClosed), (.dormant, .accountDormant), (.suspended, .accountSuspended),
        ] {
            faults.append(Fault(row: 6, slot: "state", code: code, kinds: all) { $0.state = state })
        }
        faults += [
            Fault(row: 7, slot: "deposit", code: .depositFrozen, kinds: interest.union(receiving).union([.closure])) {
                $0.depositFreeze = true
            },
            Fault(row: 8, slot: "state", code: .accountSeized, kinds: paying.union([.closure])) { $0.state = .seized },
            Fault(row: 9, slot: "withdrawal", code: .withdrawalFrozen, kinds: paying.union([.closure])) {
                $0.withdrawalFreeze = true
            },
            Fault(row: 10, slot: "state", code: .accountFraudHold, kinds: [.closure]) {
                $0.state = .fraudHold
                $0.incidentAmount = 1
            },
            Fault(row: 11, slot: "paid", code: .alreadyPaidToday, kinds: interest) { $0.lastPaidOn = Bank.date("2026-03-02") },
            Fault(row: 12, slot: "paid", code: .businessDateInPast, kinds: interest.union([.closure])) {
                $0.lastPaidOn = Bank.date("2026-03-03")
            },
            Fault(row: 13, slot: "balance", code: .nothingPayable, kinds: interest) { $0.entries[0].amount = 1 },
            Fault(row: 14, slot: "pots", code: .potsNotEmpty, kinds: [.closure]) { $0.pots = [.init(id: "P", balance: 1)] },
            Fault(row: 15, slot: "held", code: .fundsHeld, kinds: [.closure]) { $0.heldAmount = 1 },
            Fault(row: 16, slot: "balance", code: .negativeBalance, kinds: [.closure]) { $0.entries[0].amount = -1 },
            Fault(row: 17, slot: "balance", code: .insufficientFunds, kinds: paying) { $0.entries[0].amount = 999 },
        ]
        return faults
    }()

    private func reply(of kind: Kind, _ id: String, in bank: Bank) async -> Reply {
        switch kind {
        case .preview: await bank.preview(id)
        case .payout: await bank.payout(id)
        case .deposit: await bank.move(.deposit, 1_000, id)
        case .withdrawal: await bank.move(.withdrawal, 1_000, id)
        case .payer: await bank.transfer(1_000, from: id, to: "OTHER")
        case .payee: await bank.transfer(1_000, from: "OTHER", to: id)
        case .closure: await bank.close(id)
        }
    }

    @Test(arguments: Bank.stores, Kind.allCases)
    func eachAlone(_ store: BankStore, _ kind: Kind) async throws {
        let accounts = Self.faults.enumerated().map { index, fault in Bank.account("A-\(index)", fault.change) }
        let bank = try await Bank(on: store, accounts + [Bank.account("FINE"), Bank.account("OTHER")])
        let fine = await reply(of: kind, "FINE", in: bank)
        #expect([200, 201].contains(fine.status))
        for (index, fault) in Self.faults.enumerated() {
            let reply = await reply(of: kind, "A-\(index)", in: bank)
            if fault.kinds.contains(kind) {
                #expect(reply.code == fault.code && reply.status == fault.code.status, "\(kind) \(fault.code)")
                #expect(reply.contentType == Problem.contentType)
            } else if fault.slot != "balance" && fault.slot != "held" && fault.slot != "pots" {
                #expect(
                    [200, 201].contains(reply.status), "\(kind) is refused for \(fault.code): \(String(describing: reply.code))")
            }
        }
        #expect(try await bank.complaints() == [])
    }

    @Test(arguments: Bank.stores, Kind.allCases)
    func theEarlierOfTwoAnswers(_ store: BankStore, _ kind: Kind) async throws {
        let faults = Self.faults.filter { $0.kinds.contains(kind) }
        var accounts = [Bank.account("OTHER")]
        var expected: [(id: String, first: ProblemCode, second: ProblemCode)] = []
        for (index, first) in faults.enumerated() {
            for second in faults[(index + 1)...] where second.slot != first.slot {
                let id = "A-\(accounts.count)"
                accounts.append(
                    Bank.account(id) {
                        first.change(&$0)
                        second.change(&$0)
                    })
                expected.append((id, first.code, second.code))
            }
        }
        let bank = try await Bank(on: store, accounts)
        for pair in expected {
            let reply = await reply(of: kind, pair.id, in: bank)
            #expect(reply.code == pair.first, "\(kind): \(pair.first) before \(pair.second)")
        }
        #expect(try await bank.complaints() == [])
    }

    /// Within a row the payer comes first; an earlier row of the payee comes before a later one of the payer.
    @Test(arguments: Bank.stores) func partiesOfATransferRowByRow(_ store: BankStore) async throws {
        let paying = Self.faults.filter { $0.kinds.contains(.payer) }
        let receiving = Self.faults.filter { $0.kinds.contains(.payee) }
        let payers = paying.enumerated().map { index, fault in Bank.account("P-\(index)", fault.change) }
        let payees = receiving.enumerated().map { index, fault in Bank.account("R-\(index)", fault.change) }
        let bank = try await Bank(on: store, payers + payees)
        for (left, payer) in zip(paying, payers) {
            for (right, payee) in zip(receiving, payees) {
                let reply = await bank.transfer(1_000, from: payer.id, to: payee.id)
                #expect(reply.code == (left.row <= right.row ? left.code : right.code), "\(left.code) \(right.code)")
            }
        }
        #expect(await bank.transfer(1, from: "P-0", to: "NOBODY").code == .accountNotFound)
        #expect(await bank.transfer(1, from: "NOBODY", to: "P-0").code == .accountNotFound)
    }

    @Test(arguments: Bank.stores) func rowsOneToFour(_ store: BankStore) async throws {
        let bank = try await Bank(on: store)
        let path = "/v1/accounts/NOBODY/interest-payouts"
        #expect(await bank.post(path, "{}", key: nil).code == .malformedRequest)
        #expect(await bank.post(path, Bank.channel, key: nil).code == .idempotencyKeyMissing)
        #expect(await bank.post(path, Bank.channel, key: "one").code == .accountNotFound)
        #expect(await bank.post(path, "{\"channel\":\"ATM\"}", key: "one").code == .idempotencyKeyReused)
        #expect(await bank.post("/v1/accounts/A-1/interest-payouts", Bank.channel, key: "one").code == .idempotencyKeyReused)
        #expect(await bank.post(path, "{}", key: "one").code == .malformedRequest)
        // The value date needs the account: after row 4, before row 5.
        #expect(await bank.move(.deposit, 1, "NOBODY", valueDate: "2030-01-01").code == .accountNotFound)
        let dead = try await Bank(on: store, [Bank.account { $0.customer.state = .deceased }])
        #expect(await dead.move(.deposit, 1, valueDate: "2030-01-01").code == .malformedRequest)
        #expect(await dead.move(.deposit, 1, valueDate: "2026-03-02").code == .customerDeceased)
    }

    @Test(
        arguments: Bank.stores,
        [
            ("2024-12-31", 400), ("2025-01-01", 201), ("2026-03-02", 201), ("2026-03-03", 400),
        ])
    func valueDateEdges(_ store: BankStore, _ given: (date: String, status: Int)) async throws {
        let (date, status) = given
        let bank = try await Bank(on: store)
        let reply = await bank.move(.deposit, 1, valueDate: date)
        #expect(reply.status == status)
        #expect(await bank.move(.withdrawal, 1, valueDate: date).status == status)
    }

    @Test(arguments: Bank.stores) func businessDateBeforeTheOpening(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(openedOn: "2026-03-03", lastPaidOn: nil), Bank.account("B-2")])
        #expect(await bank.preview().code == .businessDateInPast)
        #expect(await bank.close().code == .businessDateInPast)
        #expect(await bank.move(.deposit, 1).code == .malformedRequest)
        #expect(await bank.transfer(1, from: "B-2", to: "A-1").code == .malformedRequest)
        // On the day of opening itself there is nothing to pay yet, and one day later there is.
        #expect(await bank.preview(at: "2026-03-03T09:00:00+09:00").code == .nothingPayable)
        #expect(await bank.preview(at: "2026-03-04T09:00:00+09:00").status == 200)
        #expect(await bank.move(.deposit, 1, at: "2026-03-03T09:00:00+09:00").status == 201)
    }

    /// One day at 2 %: 18 249 won earn 0.99…, 18 250 exactly one.
    @Test(arguments: Bank.stores, [(Int64(18_249), 422), (18_250, 200)])
    func oneWonIsPayable(_ store: BankStore, _ given: (balance: Int64, status: Int)) async throws {
        let (balance, status) = given
        let bank = try await Bank(on: store, [Bank.account(balance: balance)])
        let reply = await bank.preview()
        #expect(reply.status == status)
        #expect(await bank.get("/v1/accounts/A-1").text("lastPaidOn") == "2026-03-01")
    }

    @Test(arguments: Bank.stores) func fundsToTheWon(_ store: BankStore) async throws {
        let bank = try await Bank(on: store, [Bank.account(balance: 1_000) { $0.heldAmount = 400 }])
        #expect(await bank.move(.withdrawal, 601).code == .insufficientFunds)
        let reply = await bank.move(.withdrawal, 600)
        #expect(reply.status == 201 && reply["balanceAfter"] == 400 && reply["heldAmount"] == 400)
        #expect(await bank.move(.withdrawal, 1).code == .insufficientFunds)
        let seized = try await Bank(
            on: store,
            [
                Bank.account {
                    $0.state = .fraudHold; $0.incidentAmount = 5
                }
            ])
        #expect(await seized.move(.withdrawal, 100_000_000).status == 201)
    }
}
