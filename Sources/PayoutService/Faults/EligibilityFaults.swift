enum EligibilityFaults {
    static let all = [
        Fault(
            name: "deposit-freeze-ignored", policy: .eligibility, about: "An account frozen for deposits is paid all the same."
        ) { policies in
            policies.eligibility.checks.removeAll { $0.name == "deposit-freeze" }
        },
        Fault(
            name: "withdrawal-freeze-refuses-credit", policy: .eligibility,
            about: "An account frozen for withdrawals gets no interest, though only taking out is frozen."
        ) { policies in
            for index in policies.eligibility.checks.indices where policies.eligibility.checks[index].name == "withdrawal-freeze"
            {
                policies.eligibility.checks[index].roles.insert(.pay)
            }
        },
    ]
}
