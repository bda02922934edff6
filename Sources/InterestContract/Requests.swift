/// The calls that change something, read strictly: an unknown, missing, doubled or mistyped member is MALFORMED_REQUEST.
public enum WireRequests {
    /// Amounts of calls: 1 … 10¹⁵ won.
    public static let amounts: ClosedRange<Int64> = 1...1_000_000_000_000_000

    /// Account ids and product codes in paths and bodies: 1 … 64 of letters, digits and `-`.
    public static func isIdentifier(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// `Idempotency-Key`: 1 … 200 visible ASCII characters.
    public static func isIdempotencyKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// The members of one object, taken by name; `finish` refuses what nobody took.
struct WireMembers {
    private var rest: [String: WireJSON]

    init(_ bytes: [UInt8]) throws(Problem) {
        let document: WireJSON
        do { document = try WireJSON(bytes) } catch {
            throw Problem(.malformedRequest, error.description + " (byte \(error.offset))")
        }
        try self.init(document)
    }

    init(_ document: WireJSON) throws(Problem) {
        guard let members = document.object else { throw Problem(.malformedRequest, "the body must be a JSON object") }
        rest = members
    }

    func has(_ name: String) -> Bool { rest[name] != nil }

    mutating func take(_ name: String) throws(Problem) -> WireJSON {
        guard let value = rest.removeValue(forKey: name) else { throw Problem(.malformedRequest, "`\(name)` is missing") }
        return value
    }

    /// Absent is nil; a null is a value, and refused by every reader below.
    mutating func takeIfPresent(_ name: String) -> WireJSON? { rest.removeValue(forKey: name) }

    mutating func word<Word: RawRepresentable & CaseIterable>(_ name: String, _: Word.Type) throws(Problem) -> Word
    where Word.RawValue == String {
        guard let text = try take(name).string, let word = Word(rawValue: text) else {
            throw Problem(.malformedRequest, "`\(name)` must be one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64 {
        guard let value = try take(name).integer, range.contains(value) else {
            throw Problem(.malformedRequest, "`\(name)` must be an integer in \(range.lowerBound) … \(range.upperBound)")
        }
        return value
    }

    mutating func identifier(_ name: String) throws(Problem) -> String {
        guard let text = try take(name).string, WireRequests.isIdentifier(text) else {
            throw Problem(.malformedRequest, "`\(name)` must be 1 … 64 letters, digits or `-`")
        }
        return text
    }

    mutating func date(_ name: String) throws(Problem) -> CivilDate {
        guard let text = try take(name).string, let date = CivilDate(text) else {
            throw Problem(.malformedRequest, "`\(name)` must be a date such as 2026-03-02")
        }
        return date
    }

    mutating func flag(_ name: String) throws(Problem) -> Bool {
        guard let value = try take(name).bool else { throw Problem(.malformedRequest, "`\(name)` must be true or false") }
        return value
    }

    func finish() throws(Problem) {
        if let unknown = rest.keys.sorted().first { throw Problem(.malformedRequest, "`\(unknown)` is no member of this call") }
    }
}

/// `POST …/interest-payouts` and `POST …/closure`: `{"channel":"MOBILE"}`.
public struct ChannelRequest: Sendable, Hashable {
    public var channel: Channel

    public init(_ body: [UInt8]) throws(Problem) {
        var members = try WireMembers(body)
        channel = try members.word("channel", Channel.self)
        try members.finish()
    }
}

/// `POST …/transactions`.
public struct TransactionRequest: Sendable, Hashable {
    public var type: TransactionType
    public var amount: Int64
    public var channel: Channel
    /// The day from which the booking earns interest; the business date when absent. The service checks that it lies in opening … business date.
    public var valueDate: CivilDate?

    public init(_ body: [UInt8]) throws(Problem) {
        var members = try WireMembers(body)
        type = try members.word("type", TransactionType.self)
        amount = try members.integer("amount", in: WireRequests.amounts)
        channel = try members.word("channel", Channel.self)
        valueDate = members.has("valueDate") ? try members.date("valueDate") : nil
        try members.finish()
    }
}

/// `POST /v1/transfers`. From and to must differ.
public struct TransferRequest: Sendable, Hashable {
    public var from: String
    public var to: String
    public var amount: Int64
    public var channel: Channel

    public init(_ body: [UInt8]) throws(Problem) {
        var members = try WireMembers(body)
        from = try members.identifier("from")
        to = try members.identifier("to")
        amount = try members.integer("amount", in: WireRequests.amounts)
        channel = try members.word("channel", Channel.self)
        try members.finish()
        guard from != to else { throw Problem(.malformedRequest, "`from` and `to` must differ") }
    }
}

/// `POST …/status`: at least one member. FRAUD_HOLD needs `incidentAmount` in the same call.
public struct StatusRequest: Sendable, Hashable {
    public var customerState: CustomerState?
    public var accountState: AccountState?
    public var depositFreeze: Bool?
    public var withdrawalFreeze: Bool?
    public var incidentAmount: Int64?

    public init(_ body: [UInt8]) throws(Problem) {
        var members = try WireMembers(body)
        customerState = members.has("customerState") ? try members.word("customerState", CustomerState.self) : nil
        accountState = members.has("accountState") ? try members.word("accountState", AccountState.self) : nil
        depositFreeze = members.has("depositFreeze") ? try members.flag("depositFreeze") : nil
        withdrawalFreeze = members.has("withdrawalFreeze") ? try members.flag("withdrawalFreeze") : nil
        incidentAmount = members.has("incidentAmount") ? try members.integer("incidentAmount", in: WireRequests.amounts) : nil
        try members.finish()
        guard
            customerState != nil || accountState != nil || depositFreeze != nil || withdrawalFreeze != nil
                || incidentAmount != nil
        else {
            throw Problem(
                .malformedRequest,
                "name at least one of customerState, accountState, depositFreeze, withdrawalFreeze, incidentAmount")
        }
        guard accountState != .fraudHold || incidentAmount != nil else {
            throw Problem(.malformedRequest, "`accountState` FRAUD_HOLD needs `incidentAmount` in the same call")
        }
    }
}

extension RateSchedule {
    /// `POST /v1/products/{code}/rates`: `{"since":"2026-03-01","bands":[{"upTo":50000000,"ppm":23000},{"ppm":40000}]}`.
    public init(_ body: [UInt8]) throws(Problem) {
        var members = try WireMembers(body)
        let since = try members.date("since")
        guard let list = try members.take("bands").array else { throw Problem(.malformedRequest, "`bands` must be an array") }
        try members.finish()
        var bands: [RateBand] = []
        for element in list {
            var band = try WireMembers(element)
            let upTo: Int64?
            if let written = band.takeIfPresent("upTo"), written != .null {
                guard let value = written.integer else {
                    throw Problem(.malformedRequest, "`upTo` must be an integer, null or absent")
                }
                upTo = value
            } else {
                upTo = nil
            }
            bands.append(RateBand(upTo: upTo, ppm: try band.integer("ppm", in: 0...1_000_000)))
            try band.finish()
        }
        try self.init(since: since, bands: bands)
    }
}
