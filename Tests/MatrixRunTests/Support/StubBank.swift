import Synchronization
import TestKit

@testable import MatrixRun

/// A service that keeps to the rules of ``SampleSuite`` but for what a test makes it do wrong.
final class StubBank: Sendable {
    struct Faults: Sendable {
        /// Added to what a payout pays.
        var surplus: @Sendable (_ amount: Int) -> Int = { _ in 0 }
        /// The reply is right and nothing is booked.
        var postsNothing = false
        /// Everything is paid although the account is frozen.
        var ignoresFreeze = false
        /// Wrong on its first so many payouts alone.
        var wrongPayouts = 0
        /// What is done instead of answering a payout.
        var payoutSteps: (@Sendable () -> [StubStep])?
    }

    private struct Account {
        var amount: Int
        var state: String
        var lines: [Int] = []
    }

    let side: StubSide

    static func start(_ faults: Faults = Faults()) async throws -> StubBank {
        let state = SharedAccounts()
        let side = try await StubSide.start { request in state.answer(request, faults) }
        return StubBank(side: side)
    }

    private init(side: StubSide) { self.side = side }

    var url: String { "http://127.0.0.1:\(side.port)" }

    private final class SharedAccounts: Sendable {
        private let accounts = Mutex<[String: Account]>([:])
        private let payouts = Mutex(0)

        func answer(_ request: SeenRequest, _ faults: Faults) -> [StubStep] {
            let parts = request.target.split(separator: "/").map(String.init)
            switch (request.method, parts.first, parts.last) {
            case ("POST", "fixtures", _): return load(request)
            case ("GET", "totals", _): return [.send(StubAnswer.json(body: #"{"pending":0}"#))]
            case ("POST", _, "payouts"): return faults.payoutSteps?() ?? pay(parts[1], faults)
            case ("GET", _, "journal"):
                let lines = accounts.withLock { $0[parts[1]]?.lines ?? [] }
                let text = lines.map { #"{"kind":"PAYOUT","credit":\#($0)}"# }.joined(separator: ",")
                return [.send(StubAnswer.json(body: #"{"lines":[\#(text)]}"#))]
            default: return [.send(StubAnswer.problem(404, code: "NOT_FOUND"))]
            }
        }

        private func load(_ request: SeenRequest) -> [StubStep] {
            for line in request.body.split(separator: 0x0A) {
                guard let value = JSONTree(Array(line)), let id = value["id"]?.text, let amount = value["amount"]?.integer,
                    let state = value["state"]?.text, amount >= 0
                else { return [.send(StubAnswer.problem(400, code: "MALFORMED_REQUEST"))] }
                accounts.withLock { $0[id] = Account(amount: amount, state: state) }
            }
            return [.send(StubAnswer.json(201, #"{"loaded":true}"#))]
        }

        private func pay(_ id: String, _ faults: Faults) -> [StubStep] {
            accounts.withLock { accounts in
                guard var account = accounts[id] else { return [.send(StubAnswer.problem(404, code: "ACCOUNT_NOT_FOUND"))] }
                if account.state != "OK", !faults.ignoresFreeze { return [.send(StubAnswer.problem(422, code: account.state))] }
                if !account.lines.isEmpty { return [.send(StubAnswer.problem(409, code: "PAID"))] }
                let number = payouts.withLock { count in
                    count += 1
                    return count
                }
                let gross = account.amount + faults.surplus(account.amount) + (number <= faults.wrongPayouts ? 1 : 0)
                if !faults.postsNothing { account.lines.append(gross) }
                accounts[id] = account
                return [.send(StubAnswer.json(201, #"{"id":\#(number),"gross":\#(gross),"credited":\#(gross)}"#))]
            }
        }
    }
}

extension StubAnswer {
    static func json(body: String) -> [UInt8] { json(200, body) }
}
