extension FixtureAccount {
    /// Reads `accounts.jsonl`: one account a line, empty lines skipped. The first line that breaks the rules is named.
    public static func lines(_ bytes: [UInt8]) throws(Problem) -> [FixtureAccount] {
        var accounts: [FixtureAccount] = []
        var ids: Set<String> = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            do throws(Problem) {
                let account = try FixtureAccount(Array(line))
                guard ids.insert(account.id).inserted else {
                    throw Problem(.malformedRequest, "account \(account.id) stands twice")
                }
                accounts.append(account)
            } catch {
                throw Problem(.malformedRequest, "fixture line \(index + 1): " + error.detail)
            }
        }
        return accounts
    }

    /// One line, refused when it breaks the contract: `openedOn ≤ valuedOn ≤ bookedOn`, FRAUD_HOLD without an incident amount,
    /// TREATY without a rate. That nothing lies after the business date is the service's check, since only it knows the date.
    public init(_ line: [UInt8]) throws(Problem) {
        var members = try WireMembers(line)
        let customer = try Customer(try members.take("customer"))
        var account = try WireMembers(try members.take("account"))
        try members.finish()
        let money: ClosedRange<Int64> = -9_100_000_000_000_000...9_100_000_000_000_000
        self.customer = customer
        id = try account.identifier("id")
        state = try account.word("state", AccountState.self)
        depositFreeze = try account.flag("depositFreeze")
        withdrawalFreeze = try account.flag("withdrawalFreeze")
        heldAmount = try account.integer("heldAmount", in: 0...money.upperBound)
        incidentAmount = try account.nullableInteger("incidentAmount", in: 0...money.upperBound)
        product = try account.identifier("product")
        openedOn = try account.date("openedOn")
        lastPaidOn = try account.nullableDate("lastPaidOn")
        pots = []
        for element in try account.list("pots") {
            var pot = try WireMembers(element)
            pots.append(Pot(id: try pot.identifier("id"), balance: try pot.integer("balance", in: 0...money.upperBound)))
            try pot.finish()
        }
        entries = []
        for element in try account.list("entries") {
            var entry = try WireMembers(element)
            entries.append(
                Entry(
                    bookedOn: try entry.date("bookedOn"), valuedOn: try entry.date("valuedOn"),
                    amount: try entry.integer("amount", in: money)))
            try entry.finish()
        }
        try account.finish()
        try check()
    }

    /// The rules above, for accounts that were not read from a line.
    public func check() throws(Problem) {
        for entry in entries where !(openedOn <= entry.valuedOn && entry.valuedOn <= entry.bookedOn) {
            throw Problem(.malformedRequest, "account \(id): an entry must have openedOn ≤ valuedOn ≤ bookedOn")
        }
        if let lastPaidOn, lastPaidOn < openedOn {
            throw Problem(.malformedRequest, "account \(id): lastPaidOn lies before openedOn")
        }
        guard state != .fraudHold || incidentAmount != nil else {
            throw Problem(.malformedRequest, "account \(id): FRAUD_HOLD needs incidentAmount")
        }
        guard (customer.taxCategory == .treaty) == (customer.treatyPpm != nil) else {
            throw Problem(.malformedRequest, "account \(id): treatyPpm stands with TREATY, and only there")
        }
    }

    /// The line as it stands in the file, members in the contract's order.
    public var json: [UInt8] {
        var object = WireObject()
        object.member("customer") { inner in
            inner.member("id", customer.id)
            inner.member("state", customer.state.rawValue)
            inner.member("taxCategory", customer.taxCategory.rawValue)
            inner.member("treatyPpm", customer.treatyPpm)
        }
        object.member("account") { inner in
            inner.member("id", id)
            inner.member("state", state.rawValue)
            inner.member("depositFreeze", depositFreeze)
            inner.member("withdrawalFreeze", withdrawalFreeze)
            inner.member("heldAmount", heldAmount)
            inner.member("incidentAmount", incidentAmount)
            inner.member("product", product)
            inner.member("openedOn", openedOn)
            inner.member("lastPaidOn", lastPaidOn)
            inner.member(
                "pots",
                objects: pots.map { pot in
                    var object = WireObject()
                    object.member("id", pot.id)
                    object.member("balance", pot.balance)
                    return object.finished
                })
            inner.member(
                "entries",
                objects: entries.map { entry in
                    var object = WireObject()
                    object.member("bookedOn", entry.bookedOn)
                    object.member("valuedOn", entry.valuedOn)
                    object.member("amount", entry.amount)
                    return object.finished
                })
        }
        return object.finished
    }
}

extension FixtureAccount.Customer {
    fileprivate init(_ document: WireJSON) throws(Problem) {
        var members = try WireMembers(document)
        id = try members.identifier("id")
        state = try members.word("state", CustomerState.self)
        taxCategory = try members.word("taxCategory", TaxCategory.self)
        treatyPpm = try members.nullableInteger("treatyPpm", in: 0...1_000_000)
        try members.finish()
    }
}

extension WireMembers {
    mutating func nullableInteger(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        let value = try take(name)
        if value == .null { return nil }
        guard let integer = value.integer, range.contains(integer) else {
            throw Problem(.malformedRequest, "`\(name)` must be null or an integer in \(range.lowerBound) … \(range.upperBound)")
        }
        return integer
    }

    mutating func nullableDate(_ name: String) throws(Problem) -> CivilDate? {
        let value = try take(name)
        if value == .null { return nil }
        guard let text = value.string, let date = CivilDate(text) else {
            throw Problem(.malformedRequest, "`\(name)` must be null or a date such as 2026-03-02")
        }
        return date
    }

    mutating func list(_ name: String) throws(Problem) -> [WireJSON] {
        guard let list = try take(name).array else { throw Problem(.malformedRequest, "`\(name)` must be an array") }
        return list
    }
}
