import InterestContract

/// Rows 5 to 10 of the ordered checks: what the standing of a customer and an account forbids.
///
/// A transfer has two parties: each row looks at the paying one first, then at the receiving one, before the next row comes.
enum StandingChecks {
    /// What a party of a call does.
    enum Part: Sendable, CaseIterable {
        case pay
        case deposit
        case withdrawal
        case close
    }

    struct Party: Sendable {
        var account: AccountRecord
        var part: Part
    }

    /// The rows in their order: to whom each applies, and the refusal if it fails.
    private static let rows: [(parts: Set<Part>, refusal: @Sendable (AccountRecord) -> ProblemCode?)] = [
        ([.pay, .deposit, .withdrawal, .close], { customer($0.customerState) }),
        ([.pay, .deposit, .withdrawal, .close], { state($0.state) }),
        ([.pay, .deposit, .close], { $0.depositFreeze ? .depositFrozen : nil }),
        ([.withdrawal, .close], { $0.state == .seized ? .accountSeized : nil }),
        ([.withdrawal, .close], { $0.withdrawalFreeze ? .withdrawalFrozen : nil }),
        ([.close], { $0.state == .fraudHold ? .accountFraudHold : nil }),
    ]

    static func check(_ parties: [Party]) throws(Problem) {
        for row in rows {
            for party in parties where row.parts.contains(party.part) {
                if let code = row.refusal(party.account) { throw Problem(code, sentence(code, party.account.id)) }
            }
        }
    }

    private static func customer(_ state: CustomerState) -> ProblemCode? {
        switch state {
        case .normal: nil
        case .deceased: .customerDeceased
        case .identityTheft: .customerIdentityTheft
        case .kycExpired: .customerKycExpired
        }
    }

    private static func state(_ state: AccountState) -> ProblemCode? {
        switch state {
        case .closed: .accountClosed
        case .dormant: .accountDormant
        case .suspended: .accountSuspended
        case .active, .seized, .fraudHold: nil
        }
    }

    private static func sentence(_ code: ProblemCode, _ account: String) -> String {
        switch code {
        case .customerDeceased: "the customer of account \(account) is deceased"
        case .customerIdentityTheft: "the customer of account \(account) has reported a stolen identity"
        case .customerKycExpired: "the identification of the customer of account \(account) has expired"
        case .accountClosed: "account \(account) is closed"
        case .accountDormant: "account \(account) is dormant"
        case .accountSuspended: "account \(account) is suspended"
        case .depositFrozen: "account \(account) takes no deposits"
        case .accountSeized: "account \(account) is seized"
        case .withdrawalFrozen: "account \(account) allows no withdrawals"
        default: "account \(account) is under a fraud hold"
        }
    }
}
