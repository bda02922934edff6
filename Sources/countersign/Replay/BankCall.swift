import Foundation
import InterestContract
import Verdicts

/// What a recorded call of the bank's contract says about the moment before it.
struct BankCall {
    var date: CivilDate
    /// Of each account, where the legacy answer tells it.
    var balances: [String: Int64]

    init?(_ evidence: Evidence, legacy: RecordedAnswer?) {
        guard let instant = WireInstant(evidence.request.instant), let date = Self.koreanDate(instant) else { return nil }
        self.date = date
        balances = [:]
        guard let legacy, (200..<300).contains(legacy.status),
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(legacy.body))
        else { return }
        let order = try? JSONDecoder().decode(Order.self, from: Data(evidence.request.body))
        if let from = answer.from, let to = answer.to, let amount = order?.amount {
            balances[from.accountId] = from.balanceAfter + amount
            balances[to.accountId] = to.balanceAfter - amount
        } else if let key = evidence.keys.first {
            balances[key] = Self.before(answer, order)
        }
    }

    private static func before(_ answer: Answer, _ order: Order?) -> Int64? {
        if let balance = answer.balance { return balance }
        if let paidOut = answer.paidOut { return paidOut - (answer.netInterest ?? 0) }
        guard let after = answer.balanceAfter else { return nil }
        if let net = answer.netInterest { return after - net }
        guard let amount = order?.amount else { return nil }
        return order?.type == "WITHDRAWAL" ? after + amount : after - amount
    }

    /// Korea is nine hours ahead all year.
    private static func koreanDate(_ instant: WireInstant) -> CivilDate? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: instant.date.year, month: instant.date.month, day: instant.date.day, hour: instant.hour,
            minute: instant.minute + 540 - instant.offsetMinutes)
        guard let date = calendar.date(from: parts) else { return nil }
        let korean = calendar.dateComponents([.year, .month, .day], from: date)
        guard let year = korean.year, let month = korean.month, let day = korean.day else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    private struct Answer: Decodable {
        struct Leg: Decodable {
            var accountId: String
            var balanceAfter: Int64
        }

        var balance: Int64?
        var balanceAfter: Int64?
        var netInterest: Int64?
        var paidOut: Int64?
        var from: Leg?
        var to: Leg?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            balance = try container.decodeIfPresent(Int64.self, forKey: .balance)
            balanceAfter = try container.decodeIfPresent(Int64.self, forKey: .balanceAfter)
            netInterest = try container.decodeIfPresent(Int64.self, forKey: .netInterest)
            paidOut = try container.decodeIfPresent(Int64.self, forKey: .paidOut)
            // A preview's period has members of these names too, with other content.
            from = try? container.decode(Leg.self, forKey: .from)
            to = try? container.decode(Leg.self, forKey: .to)
        }

        private enum CodingKeys: String, CodingKey { case balance, balanceAfter, netInterest, paidOut, from, to }
    }

    private struct Order: Decodable {
        var type: String?
        var amount: Int64?
    }
}
