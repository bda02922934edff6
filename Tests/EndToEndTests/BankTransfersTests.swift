#if PostgreSQL
    import Foundation
    import InterestContract
    import NIOConcurrencyHelpers
    import Outbound
    import TestKit
    import Testing

    /// Transfers among accounts through two instances of a service on one PostgreSQL, either of which is killed again and again, while others
    /// read all balances at once. The total must be the same in every read, and the history must be one that a bank could have had.
    @Suite(.serialized) struct BankTransfersTests {
        private static let accountCount = 6
        private static let opening: Int64 = 100_000
        /// Seconds of each run; `make soak` sets more.
        private static let seconds = ProcessInfo.processInfo.environment["BANK_TRANSFER_SECONDS"].flatMap { Int($0) } ?? 10

        /// A transfer that was answered 201.
        private struct Transfer: Sendable {
            var id: String
            var from: String, to: String
            var amount: Int64
            var fromAfter: Int64, toAfter: Int64
        }

        @Test(arguments: ["payout", "legacy"])
        func moneyIsNeitherMadeNorLost(service: String) async throws {
            let folder = try TemporaryDirectory()
            let accounts = (1...BankTransfersTests.accountCount).map { "T-\($0)" }
            let fixture = try folder.write(
                accounts.map(BankTransfersTests.line).joined(separator: "\n") + "\n", to: "accounts.jsonl")
            let address = try await PostgresServer.shared().address()
            let migration = try ProgramUnderTest("bank", ["migrate", "--service", service, "--store", address])
            #expect(try await migration.exit() == 0, "\(migration.errors)")

            let instances = NIOLockedValueBox<[Instance]>([])
            for _ in 0..<2 {
                let instance = try await Instance(service: service, store: address, fixture: fixture)
                instances.withLockedValue { $0.append(instance) }
            }
            let client = OutboundClient(connectionsMax: 32, connectionsPerHostMax: 16)
            defer { client.close() }
            let clock = ContinuousClock()
            let end = clock.now + .seconds(BankTransfersTests.seconds)
            let history = NIOLockedValueBox<[Transfer]>([])
            let reads = NIOLockedValueBox(0)
            let kills = NIOLockedValueBox(0)

            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<6 {
                    group.addTask {
                        var number = 0
                        while clock.now < end {
                            number += 1
                            guard let from = accounts.randomElement(), let to = accounts.filter({ $0 != from }).randomElement()
                            else { return }
                            let transfer = try await BankTransfersTests.transfer(
                                from, to, Int64.random(in: 1...30_000), key: "k-\(caller)-\(number)", client
                            ) { instances.withLockedValue { $0.randomElement()?.url ?? "" } }
                            if let transfer { history.withLockedValue { $0.append(transfer) } }
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        while clock.now < end {
                            let url = instances.withLockedValue { $0.randomElement()?.url ?? "" }
                            guard let balances = try await BankTransfersTests.balances(url, client) else { continue }
                            #expect(balances.count == accounts.count)
                            #expect(balances.values.reduce(0, +) == Int64(accounts.count) * BankTransfersTests.opening)
                            reads.withLockedValue { $0 += 1 }
                        }
                    }
                }
                group.addTask {
                    while clock.now + .seconds(2) < end {
                        try await Task.sleep(for: .milliseconds(Int.random(in: 700...1_300)))
                        let index = Int.random(in: 0..<2)
                        instances.withLockedValue { $0[index].program.signal(SIGKILL) }
                        kills.withLockedValue { $0 += 1 }
                        let again = try await Instance(service: service, store: address, fixture: fixture)
                        instances.withLockedValue { $0[index] = again }
                    }
                }
                try await group.waitForAll()
            }

            let transfers = history.withLockedValue { $0 }
            let last = try #require(await BankTransfersTests.balances(instances.withLockedValue { $0[0].url }, client))
            #expect(transfers.count > 20 && reads.withLockedValue { $0 } > 5 && kills.withLockedValue { $0 } > 0)
            #expect(Set(transfers.map(\.id)).count == transfers.count, "two transfers under one id")
            for account in accounts { BankTransfersTests.check(account, transfers, last[account] ?? -1) }
            print(
                "bank transfers, \(service): \(transfers.count) transfers, \(reads.withLockedValue { $0 }) reads, "
                    + "\(kills.withLockedValue { $0 }) kills")
        }

        /// A balance is left as often as it is reached, save the first and the last: else two transfers built on the same one.
        private static func check(_ account: String, _ transfers: [Transfer], _ last: Int64) {
            var standing: [Int64: Int] = [opening: 1]
            standing[last, default: 0] -= 1
            for transfer in transfers where transfer.from == account {
                standing[transfer.fromAfter, default: 0] += 1
                standing[transfer.fromAfter + transfer.amount, default: 0] -= 1
            }
            for transfer in transfers where transfer.to == account {
                standing[transfer.toAfter, default: 0] += 1
                standing[transfer.toAfter - transfer.amount, default: 0] -= 1
            }
            let torn = standing.filter { $0.value != 0 }
            #expect(torn.isEmpty, "the history of \(account) is none that one account could have: \(torn)")
        }

        private static func line(_ id: String) -> String {
            """
            {"customer":{"id":"C-\(id)","state":"NORMAL","taxCategory":"RESIDENT","treatyPpm":null},"account":{"id":"\(id)",\
            "state":"ACTIVE","depositFreeze":false,"withdrawalFreeze":false,"heldAmount":0,"incidentAmount":null,"product":"DEMAND-2",\
            "openedOn":"2025-01-01","lastPaidOn":null,"pots":[],\
            "entries":[{"bookedOn":"2025-01-01","valuedOn":"2025-01-01","amount":\(opening)}]}}
            """
        }

        /// Asks until there is an answer that decides, with the same key, at whichever instance; nil if the transfer was refused.
        private static func transfer(
            _ from: String, _ to: String, _ amount: Int64, key: String, _ client: OutboundClient, at url: () -> String
        ) async throws -> Transfer? {
            let body = #"{"from":"\#(from)","to":"\#(to)","amount":\#(amount),"channel":"MOBILE"}"#
            for _ in 0..<400 {
                let request = OutboundRequest(
                    method: "POST", url: url() + "/v1/transfers",
                    headers: [
                        ("Idempotency-Key", key), ("Content-Type", "application/json"),
                        ("X-Request-Time", "2026-03-02T12:00:00+09:00"),
                    ], body: Array(body.utf8))
                if let answer = try? await client.send(request) {
                    switch answer.status {
                    case 201:
                        let json = try WireJSON(answer.body)
                        guard let id = json["transferId"]?.string, let fromAfter = json["from"]?["balanceAfter"]?.integer,
                            let toAfter = json["to"]?["balanceAfter"]?.integer
                        else { throw TestTimeout("an answer of another form: \(String(decoding: answer.body, as: UTF8.self))") }
                        return Transfer(id: id, from: from, to: to, amount: amount, fromAfter: fromAfter, toAfter: toAfter)
                    case 422: return nil
                    case 409, 503: break
                    default: throw TestTimeout("\(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
                    }
                }
                try await Task.sleep(for: .milliseconds(25))
            }
            throw TestTimeout("no answer to \(key) that decides")
        }

        /// All balances of one moment; nil while that instance is away.
        private static func balances(_ url: String, _ client: OutboundClient) async throws -> [String: Int64]? {
            guard let answer = try? await client.send(OutboundRequest(method: "GET", url: url + "/v1/books/accounts?limit=1000")),
                answer.status == 200
            else {
                try await Task.sleep(for: .milliseconds(20))
                return nil
            }
            let accounts = try WireJSON(answer.body)["accounts"]?.array ?? []
            return Dictionary(
                uniqueKeysWithValues: accounts.compactMap { account in
                    guard let id = account["accountId"]?.string, let balance = account["balance"]?.integer else { return nil }
                    return (id, balance)
                })
        }

        /// One process of a service.
        private struct Instance: Sendable {
            let program: ProgramUnderTest
            let url: String

            init(service: String, store: String, fixture: String) async throws {
                program = try ProgramUnderTest("bank", [service, "--store", store, "--fixture", fixture])
                url = try await program.line(beginning: "listening on ")
            }
        }
    }
#endif
