import ArgumentParser

/// A path in which `%0Nd` stands for the account's number, at least N digits wide: `/v1/accounts/1000-0000-%04d/interest-payouts`.
/// Without such a place every request has the same path.
struct PathTemplate: ExpressibleByArgument, Equatable, Sendable {
    static let payouts = PathTemplate(
        before: Array("/v1/accounts/1000-0000-".utf8), digits: 4, after: Array("/interest-payouts".utf8))

    /// The path up to the number, all of it where there is none.
    let before: [UInt8]
    /// The least number of digits; nil where the path has no number.
    let digits: Int?
    let after: [UInt8]

    init(before: [UInt8], digits: Int?, after: [UInt8]) {
        self.before = before
        self.digits = digits
        self.after = after
    }

    /// Nil for what is no path, or has a `%` that does not stand for one number.
    init?(argument: String) {
        let bytes = Array(argument.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        guard let percent = bytes.firstIndex(of: UInt8(ascii: "%")) else {
            self.init(before: bytes, digits: nil, after: [])
            return
        }
        let rest = bytes[(percent + 1)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "d")), !rest[end...].contains(UInt8(ascii: "%")) else { return nil }
        let width = String(decoding: rest[..<end], as: UTF8.self)
        guard width.isEmpty || width.hasPrefix("0"), let digits = width.isEmpty ? 1 : Int(width), (1...18).contains(digits)
        else { return nil }
        self.init(before: Array(bytes[..<percent]), digits: digits, after: Array(rest[(end + 1)...]))
    }
}
