import Foundation
import InterestContract

/// One line of an account's journal, as both services of the bank list it (`GET /v1/books/accounts/{id}/journal`).
struct JournalLine: Decodable {
    var journalId: Int64
    var bookedOn: String
    var valuedOn: String
    var kind: String
    var debit: Int64
    var credit: Int64

    struct Page: Decodable {
        var lines: [JournalLine]
    }
}

/// One booking of an account: the lines of one journal together.
struct Booking {
    var kind: String
    var bookedOn: CivilDate
    var valuedOn: CivilDate
    /// Won; what leaves the account is negative.
    var amount: Int64

    /// In the order in which they were booked.
    static func grouped(_ lines: [JournalLine]) -> [Booking] {
        var bookings: [Booking] = []
        var last: Int64?
        for line in lines.sorted(by: { $0.journalId < $1.journalId }) {
            guard let booked = CivilDate(line.bookedOn), let valued = CivilDate(line.valuedOn) else { continue }
            let amount = line.credit - line.debit
            if last == line.journalId, let index = bookings.indices.last, bookings[index].valuedOn == valued {
                bookings[index].amount += amount
            } else {
                bookings.append(Booking(kind: line.kind, bookedOn: booked, valuedOn: valued, amount: amount))
            }
            last = line.journalId
        }
        return bookings
    }
}
