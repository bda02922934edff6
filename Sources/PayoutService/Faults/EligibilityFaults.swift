import InterestContract

enum EligibilityFaults {
    static let all = [
        Fault(
            name: "deposit-freeze-ignored", policy: .eligibility, about: "An account frozen for deposits is paid all the same."
        ) { policies in
            policies.eligibility.checks.removeAll { $0.name == "deposit-freeze" }
        },
        Fault(
            name: "withdrawal-freeze-ignored", policy: .eligibility,
            about: "An account frozen for withdrawals pays out, and can be closed."
        ) { policies in
            policies.eligibility.checks.removeAll { $0.name == "withdrawal-freeze" }
        },
        Fault(
            name: "seizure-ignored", policy: .eligibility, about: "A seized account pays out, and can be closed."
        ) { policies in
            policies.eligibility.checks.removeAll { $0.name == "seizure" }
        },
        Fault(
            name: "withdrawal-freeze-refuses-credit", policy: .eligibility,
            about: "An account frozen for withdrawals gets no interest, though only taking out is frozen."
        ) { policies in
            policies.eligibility.change("withdrawal-freeze") { $0.roles.insert(.pay) }
        },
        Fault(
            name: "deceased-paid", policy: .eligibility, about: "The account of a deceased customer is paid interest."
        ) { policies in
            policies.eligibility.excuse("customer-state") { $0.standing.customerState == .deceased }
        },
        Fault(
            name: "dormant-accrues", policy: .eligibility, about: "A dormant account goes on being paid interest."
        ) { policies in
            policies.eligibility.excuse("account-state") { $0.standing.state == .dormant }
        },
        Fault(
            name: "suspended-paid", policy: .eligibility, about: "A suspended account is paid interest."
        ) { policies in
            policies.eligibility.excuse("account-state") { $0.standing.state == .suspended }
        },
        Fault(
            name: "order-of-checks-swapped", policy: .eligibility,
            about: "The account's state is looked at before the customer's: where both refuse, the other code answers."
        ) { policies in
            let checks = policies.eligibility.checks
            guard let customer = checks.firstIndex(where: { $0.name == "customer-state" }),
                let account = checks.firstIndex(where: { $0.name == "account-state" })
            else { return }
            policies.eligibility.checks.swapAt(customer, account)
        },
    ]
}

extension EligibilityPolicy {
    fileprivate mutating func change(_ name: String, _ edit: (inout EligibilityCheck) -> Void) {
        for index in checks.indices where checks[index].name == name { edit(&checks[index]) }
    }

    /// The check lets a payment pass where the condition holds.
    fileprivate mutating func excuse(_ name: String, _ condition: @escaping @Sendable (CheckSubject) -> Bool) {
        change(name) { check in
            let plain = check.refusal
            check.refusal = { subject in subject.role == .pay && condition(subject) ? nil : plain(subject) }
        }
    }
}
