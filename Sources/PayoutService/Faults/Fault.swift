/// A deliberate mistake: it replaces or wraps policies from outside; the rules themselves know nothing of it.
struct Fault: Sendable {
    /// The policy that the mistake is about; a few have to wrap another as well.
    enum Policy: String, Sendable, CaseIterable {
        case interest, tax, eligibility, posting, idempotency, delivery, cache, calendar
        case taxEvents = "tax-events"
    }

    var name: String
    var policy: Policy
    var about: String
    var apply: @Sendable (inout Policies) -> Void
}

/// A fault was named that does not exist.
public struct UnknownFault: Error, Sendable, Hashable, CustomStringConvertible {
    public var name: String

    public var description: String {
        "there is no fault `\(name)`; the faults are: " + Faults.all.map(\.name).joined(separator: ", ")
    }
}

/// The faults that a payout service can be started with.
public enum Faults {
    /// Name, the policy it stands on, and what it does in a sentence.
    public static let all: [(name: String, policy: String, about: String)] = catalogue.map {
        ($0.name, $0.policy.rawValue, $0.about)
    }

    static let catalogue =
        RoundingFaults.all + TierFaults.all + DayCountFaults.all + CalendarFaults.all + TaxFaults.all + EligibilityFaults.all
        + PostingFaults.all + IdempotencyFaults.all + DeliveryFaults.all + CacheFaults.all + TaxEventFaults.all

    /// The plain policies with the named faults on them, in the order given.
    static func apply(_ names: [String]) throws(UnknownFault) -> Policies {
        var policies = Policies()
        for name in names {
            guard let fault = catalogue.first(where: { $0.name == name }) else { throw UnknownFault(name: name) }
            fault.apply(&policies)
        }
        return policies
    }
}
