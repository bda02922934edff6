import InterestContract

/// A row of the books that the core itself could not have written.
struct BrokenBooks: Error, CustomStringConvertible {
    let description: String
}

/// Dates as the books keep them: 20260302.
extension CivilDate {
    var stored: Int64 { Int64(year * 10_000 + month * 100 + day) }

    init(stored: Int64) throws {
        guard let number = Int(exactly: stored),
            let date = CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        else { throw BrokenBooks(description: "\(stored) stands where a date is expected in the books") }
        self = date
    }
}
