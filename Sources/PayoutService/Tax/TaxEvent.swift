import Foundation
import InterestContract

/// What the payment tells the tax worker: everything that it books from, so that it needs no other table of the payment side.
///
/// JSON, with the version of its form in `schema`; a reader refuses versions that it does not know.
struct TaxEvent: Sendable, Hashable, Codable {
    static let currentSchema = 1

    var schema = TaxEvent.currentSchema
    /// The payout's id: one event for each payout, booked once however often it is delivered.
    var eventId: String
    var payoutId: String
    var accountId: String
    var customerId: String
    var branch: String
    var product: String
    var taxCategory: String
    var treatyPpm: Int64?
    var businessDate: String
    var grossInterest: Int64
    var incomeTax: Int64
    var localIncomeTax: Int64
    var netInterest: Int64
    /// False for a mirrored payment: booked here, but reported and remitted by nobody.
    var authoritative: Bool

    func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Refuses what is no event, an unknown version, and amounts that don't add up.
    init(_ payload: String) throws(TaxEventRefusal) {
        do { self = try JSONDecoder().decode(TaxEvent.self, from: Data(payload.utf8)) } catch {
            throw TaxEventRefusal(reason: "the payload is no tax event: \(error)")
        }
        guard schema == TaxEvent.currentSchema else {
            throw TaxEventRefusal(reason: "schema \(schema) is unknown; this worker reads \(TaxEvent.currentSchema)")
        }
        guard CivilDate(businessDate) != nil else { throw TaxEventRefusal(reason: "`businessDate` \(businessDate) is no date") }
        guard grossInterest > 0, incomeTax >= 0, localIncomeTax >= 0,
            Int128(grossInterest) == Int128(incomeTax) + Int128(localIncomeTax) + Int128(netInterest)
        else { throw TaxEventRefusal(reason: "gross \(grossInterest) is not net \(netInterest) and the two taxes") }
    }

    init(
        eventId: String, payoutId: String, accountId: String, customerId: String, branch: String, product: String,
        taxCategory: String, treatyPpm: Int64?, businessDate: String, grossInterest: Int64, incomeTax: Int64,
        localIncomeTax: Int64,
        netInterest: Int64, authoritative: Bool
    ) {
        self.eventId = eventId
        self.payoutId = payoutId
        self.accountId = accountId
        self.customerId = customerId
        self.branch = branch
        self.product = product
        self.taxCategory = taxCategory
        self.treatyPpm = treatyPpm
        self.businessDate = businessDate
        self.grossInterest = grossInterest
        self.incomeTax = incomeTax
        self.localIncomeTax = localIncomeTax
        self.netInterest = netInterest
        self.authoritative = authoritative
    }
}

/// An event that no retry will mend: it goes to the dead letters at once.
struct TaxEventRefusal: Error, Sendable, Hashable {
    var reason: String
}
